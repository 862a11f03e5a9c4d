"""The sandbox mail world on loopback: relays, recipients, IMAP, DNS and a truth log, for the demo and the tests."""
