-- expect: log's quota
-- within: 300 ms
while true do agent.log.info("x") end
