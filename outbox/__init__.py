"""From a decision to a reply that has left: composing, checking, PDF, e-mail, paper dispatch."""
