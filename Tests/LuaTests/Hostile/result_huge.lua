-- expect: too large
-- within: 600 ms
return ("x"):rep(9 << 20)
