"""Tables of rules as data, one reviewed file a family; the machinery that reads them lies one folder up."""
