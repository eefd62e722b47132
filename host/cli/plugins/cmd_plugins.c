/* SPDX-License-Identifier: MIT */
/* cmd_plugins.c - `linehook plugins': what is found, or why it is not used. */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/plugins/listing.h"
#include "cli/opt/common_options.h"
#include "cli/output/stdout.h"
#include "format/safe_text.h"
#include "common/text.h"

struct plugins_options {
	struct options common; /* first */
	int32_t json;
};

/* clang-format off: a table */
static const struct opt plugins_opts[] = {
	{ .name = "json",
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct plugins_options, json),
	  .help = "print one JSON object per line" },
	{ .name = NULL },
};
/* clang-format on */

static const struct opt_group plugins_groups[] = {
	{ "Options:", plugins_opts },
	{ "Plugins:", options_dirs },
	{ NULL, NULL },
};

struct listing {
	int json;
	size_t n;
	struct outbuf out;
};

static void
put_safe (struct outbuf *o, const char *s)
{
	struct lhk_text text =
		text_from_cstr (s == NULL || *s == '\0' ? "-" : s);

	format_safe_text (o, &text, 1, 0);
}

static void
put_column (struct outbuf *o, const char *s, size_t width)
{
	size_t len = s == NULL ? 1 : strlen (s);

	put_safe (o, s);
	for (; len < width; len++)
		outbuf_byte (o, ' ');
	outbuf_str (o, "  ");
}

static void
list_text (struct listing *l, const struct lhk_plugin_entry *e)
{
	const struct lhk_plugin *p =
		e->ref == NULL ? NULL : lhk_plugin_ref_descriptor (e->ref);
	struct outbuf *o = &l->out;
	size_t before;

	put_column (o, e->name, 10);
	if (e->shadowed) {
		outbuf_str (o, "shadowed by the one above: ");
		put_safe (o, e->path);
	} else if (p == NULL) {
		outbuf_str (o, "refused: ");
		put_safe (o, e->err == NULL ? NULL : e->err->text);
	} else {
		put_column (o, p->provider, 10);
		put_column (o, p->version, 8);
		outbuf_str (o, "1.");
		outbuf_u64 (o, p->abi_minor);
		outbuf_str (o, "  ");
		before = o->len;
		listing_flags (o, p->flags, 0);
		while (o->len > before && o->len < before + 24)
			outbuf_byte (o, ' ');
		outbuf_byte (o, ' ');
		put_safe (o, e->path == NULL ? "(linked in)" : e->path);
	}
	outbuf_byte (o, '\n');
}

static void
list_entry (void *user, const struct lhk_plugin_entry *entry)
{
	struct listing *l = user;

	if (!l->json && l->n == 0)
		outbuf_str (&l->out,
			    "NAME        PROVIDER    VERSION   ABI  FLAGS"
			    "                    PATH\n");
	l->n++;
	if (l->json) {
		listing_json (&l->out, entry);
		outbuf_byte (&l->out, '\n');
	} else {
		list_text (l, entry);
	}
	outbuf_flush (&l->out);
	stdout_flush ();
}

static int
list_all (const struct cli_command *self, const struct plugins_options *o,
	  struct log *log, struct listing *l)
{
	struct lhk_error err = { 0, 0, "" };
	struct lhk_host *host;
	int r;

	l->json = o->json;
	outbuf_init (&l->out, stdout_write, NULL);
	r = options_host (&o->common, log, &host, &err);
	if (r < 0) {
		cli_say (self->name, "%s", err.text);
		return r == LHK_EINVAL ? STATUS_USAGE : STATUS_HOST;
	}
	r = lhk_host_list_plugins (host, list_entry, l);
	lhk_host_free (host);
	if (r < 0) {
		cli_say (self->name, "%s", lhk_strerror (r));
		return STATUS_HOST;
	}
	if (l->n == 0)
		cli_say (self->name,
			 "no plugins found (want NAME.so in %s, or "
			 "--plugin-dir DIR)",
			 lhk_plugin_dir ());
	return 0;
}

static int
run_plugins (const struct cli_command *self, int argc, char **argv)
{
	static struct listing listing;
	static struct log log;
	struct plugins_options o = { .common = OPTIONS_INIT };
	struct opt_operands words = { NULL, 0 };
	int status = cli_parse (self, argc, argv, &o, &words);
	int fd = STDERR_FILENO;

	if (status < 0 && words.n > 0) {
		cli_say (self->name, "'%.200s': no operand is wanted",
			 words.items[0]);
		status = STATUS_USAGE;
	}
	if (status < 0) {
		log_init (&log, LOG_LOGFMT, LHK_LOG_WARN, log_to_fd, &fd);
		status = list_all (self, &o, &log, &listing);
	}
	opt_operands_free (&words);
	options_free (&o.common);
	return status;
}

const struct cli_command cmd_plugins = {
	"plugins",
	"[--json]",
	"List the plugins, where they were found, and why one was refused.",
	run_plugins,
	plugins_groups,
	NULL,
	OPT_MIXED,
};
