-- expect: too complex|time limit
-- within: 400 ms
return (("x"):rep(1000000):find("[" .. ("a"):rep(8000000) .. "]"))
