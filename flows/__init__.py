"""What Prefect runs: one thin flow a module. The only folder that imports Prefect."""
