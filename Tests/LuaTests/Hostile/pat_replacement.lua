-- expect: time limit
-- within: 500 ms
-- An empty capture adds nothing, so no buffer grows while eight million of them are put in.
return (("x"):rep(1000):gsub("(z?)", ("%1"):rep(4000000)))
