/* SPDX-License-Identifier: MIT */
/* registry.c - plugins are found in search order, by name, command or line. */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugin/choose.h"
#include "lib/mock_plugin.h"
#include "lib/failing.h"
#include "lib/tempdir.h"
#include "lib/tap.h"

/* Two directories, "a" and "b", with some plugins. */
struct fixture {
	struct tempdir place;
	struct failing memory;
	struct registry *reg;
	struct lhk_error err;
	char list[2048];
};

static void
put (struct fixture *w, const char *name, const char *from, mode_t mode)
{
	tempdir_put (&w->place, name, bad_plugin_path (from), NULL, mode);
}

static void
fixture_init (struct fixture *w)
{
	memset (w, 0, sizeof *w);
	tempdir_init (&w->place);
	failing_init (&w->memory);
	w->reg = registry_new (&w->memory.alloc);
	CU_ASSERT_PTR_NOT_NULL_FATAL (w->reg);
	TAP_EQ_INT (
		registry_add_dir (w->reg, tempdir_dir (&w->place, "a", 0755)),
		LHK_OK);
	TAP_EQ_INT (
		registry_add_dir (w->reg, tempdir_dir (&w->place, "b", 0755)),
		LHK_OK);
}

static void
fixture_done (struct fixture *w)
{
	registry_free (w->reg);
	CU_ASSERT (failing_clean (&w->memory));
	tempdir_done (&w->place);
}

static void
list_one (void *user, const struct lhk_plugin_entry *e)
{
	struct fixture *w = user;
	size_t len = strlen (w->list);
	const char *dir = e->path == NULL		    ? "linked"
			  : strstr (e->path, "/a/") != NULL ? "a"
							    : "b";

	snprintf (w->list + len, sizeof w->list - len, "%s %s %s\n", dir,
		  e->name,
		  e->shadowed	   ? "shadowed"
		  : e->ref != NULL ? "ok"
				   : "refused");
	TAP_EQ_INT (e->size, sizeof *e);
	TAP_EQ_INT (e->err != NULL, e->ref == NULL && !e->shadowed);
	if (e->ref != NULL)
		TAP_EQ_STR (e->ref->plugin.name, e->name);
}

static void
by_name (void)
{
	const struct lhk_plugin_ref *first = NULL;
	const struct lhk_plugin_ref *again = NULL;
	struct fixture w;

	fixture_init (&w);
	put (&w, "b/good.so", "good.so", 0644);
	TAP_EQ_INT (registry_find (w.reg, "good", &first, &w.err), LHK_OK);
	CU_ASSERT_PTR_NOT_NULL_FATAL (first);
	CU_ASSERT (strstr (first->path, "/b/good.so") != NULL);
	TAP_EQ_STR (first->plugin.summary, "for tests");
	CU_ASSERT (unlink (first->path) == 0);
	TAP_EQ_INT (registry_find (w.reg, "good", &again, &w.err), LHK_OK);
	CU_ASSERT_PTR_EQUAL (first, again);
	fixture_done (&w);
}

static void
same_object (void)
{
	const struct lhk_plugin_ref *first = NULL;
	const struct lhk_plugin_ref *again = NULL;
	struct fixture w;
	uint64_t calls;

	fixture_init (&w);
	put (&w, "a/good.so", "good.so", 0644);
	TAP_EQ_INT (registry_find (w.reg, "good", &first, &w.err), LHK_OK);
	calls = w.memory.calls;
	TAP_EQ_INT (registry_find (w.reg, tempdir_path (&w.place, "a/good.so"),
				   &again, &w.err),
		    LHK_OK);
	CU_ASSERT_PTR_EQUAL (first, again);
	TAP_EQ_INT (w.memory.calls, calls);
	fixture_done (&w);
}

static void
not_found (void)
{
	const struct lhk_plugin_ref *ref = NULL;
	struct fixture w;

	fixture_init (&w);
	TAP_EQ_INT (registry_find (w.reg, "nobody", &ref, &w.err),
		    LHK_ENOTFOUND);
	CU_ASSERT (strstr (w.err.text, "no plugin 'nobody' was found "
				       "in '")
		   != NULL);
	TAP_EQ_INT (registry_find (w.reg, "No_Name", &ref, &w.err), LHK_EINVAL);
	CU_ASSERT (strstr (w.err.text, "'No_Name' is not the name of a plugin")
		   != NULL);
	TAP_EQ_INT (registry_find (w.reg, "/nobody.so", &ref, &w.err),
		    LHK_ENOTFOUND);
	TAP_EQ_INT (registry_find (w.reg, "./nobody.so", &ref, &w.err),
		    LHK_EREFUSED);
	CU_ASSERT (strstr (w.err.text, "the path is relative") != NULL);
	TAP_EQ_INT (registry_add_dir (w.reg, ""), LHK_EINVAL);
	TAP_EQ_INT (registry_add_dir (w.reg, "."), LHK_EINVAL);
	CU_ASSERT_PTR_NULL (ref);
	fixture_done (&w);
}

/* What lies behind a refused file is not taken instead of it. */
static void
first_wins (void)
{
	const struct lhk_plugin_ref *ref = NULL;
	struct fixture w;

	fixture_init (&w);
	put (&w, "a/good.so", "wrong-magic.so", 0644);
	put (&w, "b/good.so", "good.so", 0644);
	TAP_EQ_INT (registry_find (w.reg, "good", &ref, &w.err), LHK_EABI);
	CU_ASSERT (strstr (w.err.text, "/a/good.so': magic is") != NULL);
	CU_ASSERT_PTR_NULL (ref);
	fixture_done (&w);
}

static void
listing (void)
{
	struct fixture w;

	fixture_init (&w);
	TAP_EQ_INT (registry_add_dir (w.reg, "/nonexistent/plugins"), LHK_OK);
	TAP_EQ_INT (registry_add_linked (w.reg, &mock_plugin, &w.err), LHK_OK);
	put (&w, "a/wrong-magic.so", "wrong-magic.so", 0644);
	put (&w, "a/good.so", "good.so", 0644);
	put (&w, "a/README", "good.so", 0644);
	put (&w, "b/good.so", "good.so", 0644);
	put (&w, "b/mock.so", "good.so", 0644);
	put (&w, "b/size-zero.so", "size-zero.so", 0666);
	put (&w, "b/wrong-magic.so", "wrong-magic.so", 0644);
	TAP_EQ_INT (registry_list (w.reg, list_one, &w), 7);
	TAP_EQ_STR (w.list, "linked mock ok\n"
			    "a good ok\n"
			    "a wrong-magic refused\n"
			    "b good shadowed\n"
			    "b mock shadowed\n"
			    "b size-zero refused\n"
			    "b wrong-magic shadowed\n");
	fixture_done (&w);
}

static void
linked_in (void)
{
	const struct lhk_plugin_ref *ref = NULL;
	struct lhk_plugin broken = mock_plugin;
	struct fixture w;

	fixture_init (&w);
	TAP_EQ_INT (registry_add_linked (w.reg, &mock_plugin, &w.err), LHK_OK);
	TAP_EQ_INT (registry_find (w.reg, "mock", &ref, &w.err), LHK_OK);
	CU_ASSERT_PTR_NULL (ref->path);
	TAP_EQ_INT (registry_add_linked (w.reg, &mock_plugin, &w.err),
		    LHK_ESTATE);
	broken.line_hook = NULL;
	TAP_EQ_INT (registry_add_linked (w.reg, &broken, &w.err), LHK_EABI);
	TAP_EQ_STR (w.err.text, "plugin 'linked in': member 'line_hook' is "
				"NULL, expected a value");
	fixture_done (&w);
}

static int
probe_brace (const char *data, size_t len)
{
	return len > 0 && data[0] == '{';
}

/* A registry with a plugin for the programs tool and @a/tool-cli, and two that
 * know no program: one has no list, one cannot be loaded. */
static void
init_with_tool (struct fixture *w, struct lhk_plugin *tool)
{
	static const char *const programs[] = { "tool", "@a/tool-cli", NULL };

	*tool = mock_plugin;
	tool->name = "tool-plugin";
	tool->programs = programs;
	tool->probe = probe_brace;
	fixture_init (w);
	put (w, "a/wrong-magic.so", "wrong-magic.so", 0644);
	TAP_EQ_INT (registry_add_linked (w->reg, &mock_plugin, &w->err),
		    LHK_OK);
	TAP_EQ_INT (registry_add_linked (w->reg, tool, &w->err), LHK_OK);
}

static void
by_command (void)
{
	const char *const words[] = { "npx", "-y", "@a/tool-cli@2", NULL };
	const struct lhk_plugin_ref *ref = NULL;
	struct lhk_plugin tool;
	struct fixture w;

	init_with_tool (&w, &tool);
	TAP_EQ_INT (plugin_for_command (w.reg, words, &ref, NULL), LHK_OK);
	TAP_EQ_STR (ref->plugin.name, "tool-plugin");
	fixture_done (&w);
}

static void
by_unknown_command (void)
{
	const char *const words[] = { "npx", "other", NULL };
	const char *const empty[] = { NULL };
	const struct lhk_plugin_ref *ref = NULL;
	struct lhk_plugin tool;
	struct fixture w;

	init_with_tool (&w, &tool);
	TAP_EQ_INT (plugin_for_command (w.reg, words, &ref, NULL),
		    LHK_ENOTFOUND);
	TAP_EQ_INT (plugin_for_command (w.reg, empty, &ref, NULL),
		    LHK_ENOTFOUND);
	CU_ASSERT_PTR_NULL (ref);
	fixture_done (&w);
}

static void
by_line (void)
{
	const struct lhk_plugin_ref *ref;
	struct plugin_probes probes;
	struct lhk_plugin tool;
	struct fixture w;

	init_with_tool (&w, &tool);
	TAP_EQ_INT (plugin_probes_load (&probes, w.reg), LHK_OK);
	TAP_EQ_INT (probes.n, 1);
	CU_ASSERT_PTR_NULL (
		plugin_probes_match (&probes, NULL, "x\n", 1, NULL));
	ref = plugin_probes_match (&probes, NULL, "{}\n", 2, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL (ref);
	TAP_EQ_STR (ref->plugin.name, "tool-plugin");
	CU_ASSERT_PTR_NULL (
		plugin_probes_match (&probes, NULL, "{}\n", 2, &ref->plugin));
	plugin_probes_free (&probes);
	fixture_done (&w);
}

/* Two files of one name: the first may be refused. */
static void
refused_by_command (void)
{
	const char *const words[] = { "nice", "good", NULL };
	const struct lhk_plugin_ref *ref = NULL;
	struct plugin_refusal refused;
	struct fixture w;

	fixture_init (&w);
	put (&w, "a/good.so", "good.so", 0666);
	TAP_EQ_INT (plugin_for_command (w.reg, words, &ref, &refused),
		    LHK_ENOTFOUND);
	TAP_EQ_STR (refused.name, "good");
	TAP_EQ_INT (refused.err.code, LHK_EREFUSED);
	TAP_EQ_INT (refused.replaced, 0);
	CU_ASSERT (strstr (refused.err.text, "a/good.so") != NULL);
	put (&w, "b/good.so", "good.so", 0644);
	TAP_EQ_INT (plugin_for_command (w.reg, words, &ref, &refused), LHK_OK);
	CU_ASSERT (strstr (ref->path, "/b/good.so") != NULL);
	TAP_EQ_INT (refused.replaced, 1);
	CU_ASSERT (strstr (refused.err.text, "is used instead") != NULL);
	fixture_done (&w);
}

/* A file that nobody asked for is not worth a word. */
static void
refused_by_others (void)
{
	const char *const words[] = { "nice", "tool", NULL };
	const struct lhk_plugin_ref *ref = NULL;
	struct plugin_refusal refused;
	struct lhk_plugin tool;
	struct fixture w;

	init_with_tool (&w, &tool);
	put (&w, "a/good.so", "good.so", 0666);
	TAP_EQ_INT (plugin_for_command (w.reg, words, &ref, &refused), LHK_OK);
	TAP_EQ_INT (refused.err.code, LHK_OK);
	fixture_done (&w);
}

static void
refused_by_line (void)
{
	struct plugin_probes probes;
	struct fixture w;

	fixture_init (&w);
	put (&w, "a/good.so", "good.so", 0666);
	put (&w, "b/good.so", "good.so", 0644);
	TAP_EQ_INT (plugin_probes_load (&probes, w.reg), LHK_OK);
	TAP_EQ_INT (probes.refused.err.code, LHK_EREFUSED);
	TAP_EQ_INT (probes.refused.replaced, 1);
	plugin_probes_free (&probes);
	fixture_done (&w);
}

/* Fail the n-th allocation, for all n until none is asked for. */
static void
no_memory (void)
{
	const char *const argv[] = { "nobody", NULL };
	const struct lhk_plugin_ref *ref;
	uint64_t n;
	int r = LHK_ENOMEM;

	for (n = 1; r != LHK_OK && n < 100; n++) {
		struct fixture w;

		fixture_init (&w);
		put (&w, "a/good.so", "good.so", 0644);
		put (&w, "b/wrong-magic.so", "wrong-magic.so", 0644);
		w.memory.fail_at = w.memory.calls + n;
		r = registry_add_dir (w.reg, "/nonexistent");
		if (r == LHK_OK)
			r = registry_add_linked (w.reg, &mock_plugin, &w.err);
		if (r == LHK_OK && registry_list (w.reg, list_one, &w) < 0)
			r = LHK_ENOMEM;
		if (r == LHK_OK)
			r = registry_find (w.reg, "good", &ref, &w.err);
		if (r == LHK_OK
		    && plugin_for_command (w.reg, argv, &ref, NULL)
			       != LHK_ENOTFOUND)
			r = LHK_ENOMEM;
		if (r == LHK_OK && w.memory.failed > 0)
			r = LHK_ENOMEM;
		fixture_done (&w);
	}
	TAP_EQ_INT (r, LHK_OK);
	CU_ASSERT (n > 10);
}

static const struct tap_case cases[] = {
	{ "registry_finds_by_name_and_keeps_what_it_found", by_name },
	{ "registry_loads_a_file_once", same_object },
	{ "registry_says_where_it_looked_for_what_is_not_there", not_found },
	{ "registry_never_takes_what_lies_behind_a_refused_file", first_wins },
	{ "registry_lists_all_in_search_order_with_their_fate", listing },
	{ "registry_takes_linked_in_plugins_first", linked_in },
	{ "registry_finds_a_plugin_by_its_program", by_command },
	{ "registry_finds_no_plugin_for_an_unknown_program",
	  by_unknown_command },
	{ "registry_finds_a_plugin_by_the_first_line", by_line },
	{ "a_refused_file_for_the_command_is_told_and_replaced",
	  refused_by_command },
	{ "a_refused_file_that_nobody_asked_for_is_not_told",
	  refused_by_others },
	{ "a_refused_file_is_told_by_who_looks_for_probes", refused_by_line },
	{ "registry_survives_no_memory_at_any_allocation", no_memory },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("registry", cases);
}
