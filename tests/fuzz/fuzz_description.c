/* SPDX-License-Identifier: MIT */
/*
 * fuzz_description.c - the description of a plugin that another process has sent.
 *
 * Whatever was read without an error must be whole: every string ends, every list
 * ends, and what is written of it is read as the same again.
 */
#include "config.h"

#include <string.h>

#include "fuzz/fuzz.h"
#include "common/mem.h"
#include "plugin/description.h"
#include "plugin/load.h"

static void
write_plugin (struct strbuf *out, const struct lhk_plugin *plugin)
{
	strbuf_init (out, &mem_system);
	description_write (out, plugin);
}

/* What the library makes of it: a descriptor, or a sentence. */
static void
check_descriptor (const struct lhk_plugin *plugin, const char *data, size_t len)
{
	struct lhk_error err = { 0, 0, "" };
	struct lhk_plugin copy;
	int r = plugin_load_descriptor (plugin, "/fuzz.so", NULL, 0, &copy,
					&err);

	FUZZ_CHECK ((r == LHK_OK) == (err.text[0] == '\0'), data, len);
	fuzz_count (r == LHK_OK ? "descriptors" : "refused descriptors");
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	const char *in = (const char *) data;
	struct described first, second;
	struct strbuf a, b;

	if (description_read (&mem_system, in, size, &first) != LHK_OK)
		return 0;
	write_plugin (&a, &first.plugin);
	FUZZ_CHECK (description_read (&mem_system, a.data, a.len, &second)
			    == LHK_OK,
		    in, size);
	write_plugin (&b, &second.plugin);
	FUZZ_CHECK (a.len == b.len && memcmp (a.data, b.data, a.len) == 0, in,
		    size);
	check_descriptor (&first.plugin, in, size);
	strbuf_free (&a);
	strbuf_free (&b);
	described_free (&first);
	described_free (&second);
	return 0;
}
