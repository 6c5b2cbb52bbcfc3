int clua_placeholder(void); int clua_placeholder(void) { return 0; }
