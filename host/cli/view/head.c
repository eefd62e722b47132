/* SPDX-License-Identifier: MIT */
/* head.c - the first lines: which agent, where, by which model. */
#include "config.h"

#include <string.h>

#include "cli/view/view_private.h"
#include "common/text.h"

static void
put_agent (struct view *v)
{
	const struct lhk_text agent = view_name_get (&v->agent);

	view_begin_line (v, MARK_HEAD);
	screen_style (&v->screen, "1");
	view_text (v, &agent, view_left (v));
	screen_style (&v->screen, NULL);
}

static void
keep_cwd (struct view *v, const struct lhk_text *cwd)
{
	v->cwd_len = 0;
	clip_path (&v->clip, cwd, SCREEN_COLUMNS_MAX, "", 0);
	if (v->clip.len > sizeof v->cwd)
		return;
	memcpy (v->cwd, v->clip.data, v->clip.len);
	v->cwd_len = v->clip.len;
}

static int
is_same_cwd (struct view *v, const struct lhk_text *cwd)
{
	clip_path (&v->clip, cwd, SCREEN_COLUMNS_MAX, "", 0);
	return v->clip.len == v->cwd_len
	       && memcmp (v->clip.data, v->cwd, v->cwd_len) == 0;
}

void
view_head_release (struct view *v)
{
	if (!v->header_waits)
		return;
	v->header_waits = 0;
	view_block (v, BLOCK_HEAD);
	put_agent (v);
	view_end_own_line (v);
}

/* Without a process the session comes at once, and one line is enough. */
void
view_head_run (struct view *v, const struct lhk_ev_run *e)
{
	int has_provider = e->provider.len > 0;

	view_name_set (v, &v->agent, has_provider ? &e->provider : &e->plugin);
	v->header_waits = 1;
	if (e->id.len == 0)
		return;
	v->header_waits = 0;
	view_block (v, BLOCK_HEAD);
	put_agent (v);
	if (e->cwd.len > 0) {
		keep_cwd (v, &e->cwd);
		view_fact_path (v, &e->cwd);
	}
	if (v->opts.run != NULL) {
		const struct lhk_text run = text_from_cstr (v->opts.run);

		view_fact_text (v, "run ", &run);
	}
	view_end_own_line (v);
}

static void
put_again (struct view *v, const struct lhk_ev_session *e)
{
	view_block (v, BLOCK_HEAD);
	view_begin_line (v, MARK_NOTE);
	screen_str (&v->screen,
		    e->resumed > 0 ? "session resumed: " : "session: ");
	view_text (v, &e->id, SCREEN_COLUMNS_MAX);
	view_end_own_line (v);
}

/* The first session: what the line about the run did not say. */
static void
put_first (struct view *v, const struct lhk_ev_session *e)
{
	int other_cwd = e->cwd.len > 0 && !is_same_cwd (v, &e->cwd);

	if (!v->header_waits && e->model.len == 0 && !other_cwd
	    && e->agent_version.len == 0 && e->resumed <= 0)
		return;
	view_block (v, BLOCK_HEAD);
	if (v->header_waits)
		put_agent (v);
	else
		view_begin_line (v, MARK_HEAD);
	v->header_waits = 0;
	view_fact_text (v, "", &e->model);
	if (other_cwd) {
		keep_cwd (v, &e->cwd);
		view_fact_path (v, &e->cwd);
	}
	view_fact_text (v, "version ", &e->agent_version);
	if (e->resumed > 0)
		view_fact (v, "resumed");
	view_end_own_line (v);
}

void
view_head_session (struct view *v, const struct lhk_ev_session *e)
{
	struct idmap_key id;

	if (e->ev.parent.ptr != NULL)
		return;
	idmap_key_of (&e->id, &id);
	if (v->has_session && idmap_key_same (&id, &v->session))
		return;
	if (LHK_EV_HAS (&e->ev, struct lhk_ev_session, provider)
	    && e->provider.len > 0)
		view_name_set (v, &v->agent, &e->provider);
	if (v->has_session)
		put_again (v, e);
	else
		put_first (v, e);
	v->has_session = 1;
	v->session = id;
}
