"""The way of a letter, one module a step: receive, triage, register, read, due, route, draft, check, sign, send, watch.

Shells call nothing below this folder. Transactions begin and end here. Every function takes the actor first.
"""
