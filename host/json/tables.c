/* SPDX-License-Identifier: MIT */
/* tables.c - classes of bytes, and which ops this machine gets. */
#include "config.h"

#include "json/ops.h"

const uint8_t lhk_json_escapes[256] = {
	['"'] = ESCAPE_CANONICAL, ['\\'] = ESCAPE_CANONICAL,
	['b'] = ESCAPE_CANONICAL, ['f'] = ESCAPE_CANONICAL,
	['n'] = ESCAPE_CANONICAL, ['r'] = ESCAPE_CANONICAL,
	['t'] = ESCAPE_CANONICAL, ['/'] = ESCAPE_SLASH,
	['u'] = ESCAPE_U,
};

const uint8_t lhk_json_types[256] = {
	['{'] = LHK_JSON_OBJECT, ['['] = LHK_JSON_ARRAY,
	['"'] = LHK_JSON_STRING, ['-'] = LHK_JSON_NUMBER,
	['0'] = LHK_JSON_NUMBER, ['1'] = LHK_JSON_NUMBER,
	['2'] = LHK_JSON_NUMBER, ['3'] = LHK_JSON_NUMBER,
	['4'] = LHK_JSON_NUMBER, ['5'] = LHK_JSON_NUMBER,
	['6'] = LHK_JSON_NUMBER, ['7'] = LHK_JSON_NUMBER,
	['8'] = LHK_JSON_NUMBER, ['9'] = LHK_JSON_NUMBER,
	['t'] = LHK_JSON_TRUE,	 ['f'] = LHK_JSON_FALSE,
	['n'] = LHK_JSON_NULL,
};

#define X16                                                                    \
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,      \
		0xff, 0xff, 0xff, 0xff, 0xff
#define A16                                                                    \
	0xff, 10, 11, 12, 13, 14, 15, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,      \
		0xff, 0xff, 0xff

const uint8_t lhk_json_hex[256] = {
	X16, X16, X16,	0,    1,    2,	  3,	4,    5,   6,	7,
	8,   9,	  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, A16, X16, A16,
	X16, X16, X16,	X16,  X16,  X16,  X16,	X16,  X16,
};

const struct lhk_json_ops *
lhk_json_ops_here (void)
{
#ifdef LHK_JSON_X86
	if (__builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("bmi"))
		return &lhk_json_ops_avx2;
	return &lhk_json_ops_sse2;
#else
	return &lhk_json_ops_portable;
#endif
}
