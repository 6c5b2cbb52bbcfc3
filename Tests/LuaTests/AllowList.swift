/// What leads from the environment of plugin code, and nothing else may.
let allowed = #"""
    _ENV: table
    _ENV(metatable): table
    _ENV(metatable).__index: table
    _ENV(metatable).__index.agent: table
    _ENV(metatable).__index.agent(metatable): table
    _ENV(metatable).__index.agent(metatable).__index: table
    _ENV(metatable).__index.agent(metatable).__index.base64: table
    _ENV(metatable).__index.agent(metatable).__index.base64(metatable): table
    _ENV(metatable).__index.agent(metatable).__index.base64(metatable).__index: table
    _ENV(metatable).__index.agent(metatable).__index.base64(metatable).__index.decode: function
    _ENV(metatable).__index.agent(metatable).__index.base64(metatable).__index.encode: function
    _ENV(metatable).__index.agent(metatable).__index.base64(metatable).__metatable: boolean
    _ENV(metatable).__index.agent(metatable).__index.base64(metatable).__newindex: function
    _ENV(metatable).__index.agent(metatable).__index.base64(metatable).__newindex(upvalue 1): string
    _ENV(metatable).__index.agent(metatable).__index.json: table
    _ENV(metatable).__index.agent(metatable).__index.json(metatable): table
    _ENV(metatable).__index.agent(metatable).__index.json(metatable).__index: table
    _ENV(metatable).__index.agent(metatable).__index.json(metatable).__index.array: function
    _ENV(metatable).__index.agent(metatable).__index.json(metatable).__index.decode: function
    _ENV(metatable).__index.agent(metatable).__index.json(metatable).__index.encode: function
    _ENV(metatable).__index.agent(metatable).__index.json(metatable).__index.null: userdata
    _ENV(metatable).__index.agent(metatable).__index.json(metatable).__index.object: function
    _ENV(metatable).__index.agent(metatable).__index.json(metatable).__metatable: boolean
    _ENV(metatable).__index.agent(metatable).__index.json(metatable).__newindex: function
    _ENV(metatable).__index.agent(metatable).__index.json(metatable).__newindex(upvalue 1): string
    _ENV(metatable).__index.agent(metatable).__index.log: table
    _ENV(metatable).__index.agent(metatable).__index.log(metatable): table
    _ENV(metatable).__index.agent(metatable).__index.log(metatable).__index: table
    _ENV(metatable).__index.agent(metatable).__index.log(metatable).__index.debug: function
    _ENV(metatable).__index.agent(metatable).__index.log(metatable).__index.debug(upvalue 1): number
    _ENV(metatable).__index.agent(metatable).__index.log(metatable).__index.error: function
    _ENV(metatable).__index.agent(metatable).__index.log(metatable).__index.error(upvalue 1): number
    _ENV(metatable).__index.agent(metatable).__index.log(metatable).__index.info: function
    _ENV(metatable).__index.agent(metatable).__index.log(metatable).__index.info(upvalue 1): number
    _ENV(metatable).__index.agent(metatable).__index.log(metatable).__index.warning: function
    _ENV(metatable).__index.agent(metatable).__index.log(metatable).__index.warning(upvalue 1): number
    _ENV(metatable).__index.agent(metatable).__index.log(metatable).__metatable: boolean
    _ENV(metatable).__index.agent(metatable).__index.log(metatable).__newindex: function
    _ENV(metatable).__index.agent(metatable).__index.log(metatable).__newindex(upvalue 1): string
    _ENV(metatable).__index.agent(metatable).__index.time: table
    _ENV(metatable).__index.agent(metatable).__index.time(metatable): table
    _ENV(metatable).__index.agent(metatable).__index.time(metatable).__index: table
    _ENV(metatable).__index.agent(metatable).__index.time(metatable).__index.parse: function
    _ENV(metatable).__index.agent(metatable).__index.time(metatable).__index.parse(upvalue 1): string
    _ENV(metatable).__index.agent(metatable).__index.time(metatable).__metatable: boolean
    _ENV(metatable).__index.agent(metatable).__index.time(metatable).__newindex: function
    _ENV(metatable).__index.agent(metatable).__index.time(metatable).__newindex(upvalue 1): string
    _ENV(metatable).__index.agent(metatable).__index.url: table
    _ENV(metatable).__index.agent(metatable).__index.url(metatable): table
    _ENV(metatable).__index.agent(metatable).__index.url(metatable).__index: table
    _ENV(metatable).__index.agent(metatable).__index.url(metatable).__index.decode: function
    _ENV(metatable).__index.agent(metatable).__index.url(metatable).__index.encode: function
    _ENV(metatable).__index.agent(metatable).__index.url(metatable).__index.parse: function
    _ENV(metatable).__index.agent(metatable).__index.url(metatable).__index.query: function
    _ENV(metatable).__index.agent(metatable).__index.url(metatable).__metatable: boolean
    _ENV(metatable).__index.agent(metatable).__index.url(metatable).__newindex: function
    _ENV(metatable).__index.agent(metatable).__index.url(metatable).__newindex(upvalue 1): string
    _ENV(metatable).__index.agent(metatable).__index.xml: table
    _ENV(metatable).__index.agent(metatable).__index.xml(metatable): table
    _ENV(metatable).__index.agent(metatable).__index.xml(metatable).__index: table
    _ENV(metatable).__index.agent(metatable).__index.xml(metatable).__index.decode: function
    _ENV(metatable).__index.agent(metatable).__index.xml(metatable).__index.decode(upvalue 1): string
    _ENV(metatable).__index.agent(metatable).__index.xml(metatable).__metatable: boolean
    _ENV(metatable).__index.agent(metatable).__index.xml(metatable).__newindex: function
    _ENV(metatable).__index.agent(metatable).__index.xml(metatable).__newindex(upvalue 1): string
    _ENV(metatable).__index.agent(metatable).__metatable: boolean
    _ENV(metatable).__index.agent(metatable).__newindex: function
    _ENV(metatable).__index.agent(metatable).__newindex(upvalue 1): string
    _ENV(metatable).__index.assert: function
    _ENV(metatable).__index.error: function
    _ENV(metatable).__index.getmetatable: function
    _ENV(metatable).__index.ipairs: function
    _ENV(metatable).__index.math: table
    _ENV(metatable).__index.math(metatable): table
    _ENV(metatable).__index.math(metatable).__index: table
    _ENV(metatable).__index.math(metatable).__index.abs: function
    _ENV(metatable).__index.math(metatable).__index.acos: function
    _ENV(metatable).__index.math(metatable).__index.asin: function
    _ENV(metatable).__index.math(metatable).__index.atan: function
    _ENV(metatable).__index.math(metatable).__index.ceil: function
    _ENV(metatable).__index.math(metatable).__index.cos: function
    _ENV(metatable).__index.math(metatable).__index.deg: function
    _ENV(metatable).__index.math(metatable).__index.exp: function
    _ENV(metatable).__index.math(metatable).__index.floor: function
    _ENV(metatable).__index.math(metatable).__index.fmod: function
    _ENV(metatable).__index.math(metatable).__index.huge: number
    _ENV(metatable).__index.math(metatable).__index.log: function
    _ENV(metatable).__index.math(metatable).__index.max: function
    _ENV(metatable).__index.math(metatable).__index.maxinteger: number
    _ENV(metatable).__index.math(metatable).__index.min: function
    _ENV(metatable).__index.math(metatable).__index.mininteger: number
    _ENV(metatable).__index.math(metatable).__index.modf: function
    _ENV(metatable).__index.math(metatable).__index.pi: number
    _ENV(metatable).__index.math(metatable).__index.rad: function
    _ENV(metatable).__index.math(metatable).__index.sin: function
    _ENV(metatable).__index.math(metatable).__index.sqrt: function
    _ENV(metatable).__index.math(metatable).__index.tan: function
    _ENV(metatable).__index.math(metatable).__index.tointeger: function
    _ENV(metatable).__index.math(metatable).__index.type: function
    _ENV(metatable).__index.math(metatable).__index.ult: function
    _ENV(metatable).__index.math(metatable).__metatable: boolean
    _ENV(metatable).__index.math(metatable).__newindex: function
    _ENV(metatable).__index.math(metatable).__newindex(upvalue 1): string
    _ENV(metatable).__index.next: function
    _ENV(metatable).__index.pairs: function
    _ENV(metatable).__index.pcall: function
    _ENV(metatable).__index.rawequal: function
    _ENV(metatable).__index.rawequal(upvalue 1): function
    _ENV(metatable).__index.rawget: function
    _ENV(metatable).__index.rawlen: function
    _ENV(metatable).__index.rawset: function
    _ENV(metatable).__index.select: function
    _ENV(metatable).__index.setmetatable: function
    _ENV(metatable).__index.string: table
    _ENV(metatable).__index.string(metatable): table
    _ENV(metatable).__index.string(metatable).__index: table
    _ENV(metatable).__index.string(metatable).__index.byte: function
    _ENV(metatable).__index.string(metatable).__index.char: function
    _ENV(metatable).__index.string(metatable).__index.find: function
    _ENV(metatable).__index.string(metatable).__index.format: function
    _ENV(metatable).__index.string(metatable).__index.gmatch: function
    _ENV(metatable).__index.string(metatable).__index.gsub: function
    _ENV(metatable).__index.string(metatable).__index.len: function
    _ENV(metatable).__index.string(metatable).__index.lower: function
    _ENV(metatable).__index.string(metatable).__index.match: function
    _ENV(metatable).__index.string(metatable).__index.rep: function
    _ENV(metatable).__index.string(metatable).__index.reverse: function
    _ENV(metatable).__index.string(metatable).__index.sub: function
    _ENV(metatable).__index.string(metatable).__index.upper: function
    _ENV(metatable).__index.string(metatable).__metatable: boolean
    _ENV(metatable).__index.string(metatable).__newindex: function
    _ENV(metatable).__index.string(metatable).__newindex(upvalue 1): string
    _ENV(metatable).__index.table: table
    _ENV(metatable).__index.table(metatable): table
    _ENV(metatable).__index.table(metatable).__index: table
    _ENV(metatable).__index.table(metatable).__index.concat: function
    _ENV(metatable).__index.table(metatable).__index.insert: function
    _ENV(metatable).__index.table(metatable).__index.move: function
    _ENV(metatable).__index.table(metatable).__index.pack: function
    _ENV(metatable).__index.table(metatable).__index.remove: function
    _ENV(metatable).__index.table(metatable).__index.sort: function
    _ENV(metatable).__index.table(metatable).__index.unpack: function
    _ENV(metatable).__index.table(metatable).__metatable: boolean
    _ENV(metatable).__index.table(metatable).__newindex: function
    _ENV(metatable).__index.table(metatable).__newindex(upvalue 1): string
    _ENV(metatable).__index.tonumber: function
    _ENV(metatable).__index.tonumber(upvalue 1): function
    _ENV(metatable).__index.tostring: function
    _ENV(metatable).__index.type: function
    _ENV(metatable).__index.utf8: table
    _ENV(metatable).__index.utf8(metatable): table
    _ENV(metatable).__index.utf8(metatable).__index: table
    _ENV(metatable).__index.utf8(metatable).__index.char: function
    _ENV(metatable).__index.utf8(metatable).__index.char(upvalue 1): function
    _ENV(metatable).__index.utf8(metatable).__index.charpattern: string
    _ENV(metatable).__index.utf8(metatable).__index.codepoint: function
    _ENV(metatable).__index.utf8(metatable).__index.codepoint(upvalue 1): function
    _ENV(metatable).__index.utf8(metatable).__index.codes: function
    _ENV(metatable).__index.utf8(metatable).__index.codes(upvalue 1): function
    _ENV(metatable).__index.utf8(metatable).__index.len: function
    _ENV(metatable).__index.utf8(metatable).__index.len(upvalue 1): function
    _ENV(metatable).__index.utf8(metatable).__index.offset: function
    _ENV(metatable).__index.utf8(metatable).__index.offset(upvalue 1): function
    _ENV(metatable).__index.utf8(metatable).__metatable: boolean
    _ENV(metatable).__index.utf8(metatable).__newindex: function
    _ENV(metatable).__index.utf8(metatable).__newindex(upvalue 1): string
    _ENV(metatable).__index.xpcall: function
    _ENV(metatable).__index(metatable): table
    _ENV(metatable).__index(metatable).__index: function
    _ENV(metatable).__metatable: boolean
    _ENV(metatable).__newindex: function
    "": table
    "".__add: function
    "".__add(upvalue 1): function
    "".__div: function
    "".__div(upvalue 1): function
    "".__idiv: function
    "".__idiv(upvalue 1): function
    "".__metatable: boolean
    "".__mod: function
    "".__mod(upvalue 1): function
    "".__mul: function
    "".__mul(upvalue 1): function
    "".__pow: function
    "".__pow(upvalue 1): function
    "".__sub: function
    "".__sub(upvalue 1): function
    "".__unm: function
    "".__unm(upvalue 1): function
    """#
