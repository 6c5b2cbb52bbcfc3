-- expect: time limit
-- within: 300 ms
return (("x"):gsub("x", function() while true do end end))
