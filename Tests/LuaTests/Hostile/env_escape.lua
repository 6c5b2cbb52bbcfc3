-- expect: global '_G' is not defined
-- within: 50 ms
return _G._G.os.getenv("PATH")
