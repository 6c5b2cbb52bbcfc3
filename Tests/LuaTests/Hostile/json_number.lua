-- expect: ok|number expected|time limit
-- within: 600 ms
return (agent.json.decode("0." .. ("0"):rep(8000000) .. "1e8000000"))
