-- expect: got table\)$
-- within: 50 ms
return ("x"):rep({})
