-- expect: ^a\\u\{1B\}\[31m\\u\{D\}\\n\\u\{202E\}b$
-- within: 50 ms
error("a\27[31m\r\n\u{202E}b", 0)
