-- expect: ok: nil
-- within: 100 ms
return (agent.json.decode(("["):rep(100000)))
