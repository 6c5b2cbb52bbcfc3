-- expect: time limit
-- within: 300 ms
agent.log.info(setmetatable({}, { __tostring = function() while true do end end }))
