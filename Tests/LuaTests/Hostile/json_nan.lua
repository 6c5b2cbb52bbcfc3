-- expect: NaN is not JSON
-- within: 50 ms
return agent.json.encode { 0 / 0 }
