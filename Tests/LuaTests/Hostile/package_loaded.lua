-- expect: global '_G' is not defined
-- within: 50 ms
return _G.package.loaded._G
