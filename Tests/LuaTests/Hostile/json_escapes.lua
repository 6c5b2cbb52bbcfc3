-- expect: too large|memory|not enough
-- within: 600 ms
return #agent.json.encode(("\1"):rep(8000000))
