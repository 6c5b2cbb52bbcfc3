-- expect: log's quota
-- within: 300 ms
while true do pcall(agent.log.info, "") end
