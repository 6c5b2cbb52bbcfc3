-- expect: ^x+…$
-- within: 100 ms
error(("x"):rep(10000000), 0)
