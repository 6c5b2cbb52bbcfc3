-- expect: ok|stack overflow|too many
-- within: 100 ms
return select("#", table.unpack({}, 1, 7999))
