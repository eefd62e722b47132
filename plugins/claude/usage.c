/* SPDX-License-Identifier: MIT */
/*
 * usage.c - tokens and cost.
 *
 * On the wire input is without the cache; in events it includes cache reads
 * and writes.  A result's model_usage_since_last_result is what this process
 * used, subagents and broken calls included; `usage' is the main thread's
 * alone, and the totals of the session include earlier processes.
 */
#include "config.h"

#include "claude/claude.h"

/* Set the tokens that the line tells. */
static void
set_tokens (struct lhk_ev_usage *e, const struct lhk_num *input,
	    const struct lhk_num *output, const struct lhk_num *cache_read,
	    const struct lhk_num *cache_write)
{
	usage_event_set (e, LHK_USAGE_INPUT, &e->input, input);
	usage_event_set (e, LHK_USAGE_OUTPUT, &e->output, output);
	usage_event_set (e, LHK_USAGE_CACHE_READ, &e->cache_read, cache_read);
	usage_event_set (e, LHK_USAGE_CACHE_WRITE, &e->cache_write,
			 cache_write);
	if (input->has)
		e->input = counts_add (
			e->input, counts_add (e->cache_read, e->cache_write));
}

static void
set_cost (struct lhk_ev_usage *e, int64_t nano)
{
	e->cost_nano_usd = nano;
	e->has |= LHK_USAGE_COST;
	e->cost_source = LIT ("reported");
}

static int
emit_call (struct claude *c, const struct claude_message_state *msg,
	   const struct lhk_text *model, const struct lhk_text *parent)
{
	struct lhk_ev_usage e = {
		.ev = LHK_EV (struct lhk_ev_usage, LHK_EV_USAGE),
		.scope = LHK_SCOPE_CALL,
		.has = msg->has,
		.model = *model,
		.input = counts_add (msg->input, counts_add (msg->cache_read,
							     msg->cache_write)),
		.output = msg->output,
		.cache_read = msg->cache_read,
		.cache_write = msg->cache_write,
	};
	struct lhk_text id = id_copy_text (&msg->id);
	int r;

	r = text_copy (&c->arena, &id, &e.id);
	if (r < 0)
		return r;
	e.ev.parent = *parent;
	c->calls_open = 1;
	return emit (c->api, &e.ev);
}

/* Is the number new?  Then it is reported again. */
static int
note (struct claude_message_state *msg, uint32_t bit, int64_t *reported,
      const struct lhk_num *n)
{
	if (!n->has || ((msg->has & bit) && n->value == *reported))
		return 0;
	msg->has |= bit;
	*reported = n->value;
	return 1;
}

int
claude_call_usage (struct claude *c, struct claude_message_state *msg,
		   const struct claude_usage *u, const struct lhk_text *model,
		   const struct lhk_text *parent)
{
	int changed;

	if (!u->input.has && !u->output.has)
		return 0;
	changed = note (msg, LHK_USAGE_INPUT, &msg->input, &u->input);
	changed |= note (msg, LHK_USAGE_CACHE_READ, &msg->cache_read,
			 &u->cache_read);
	changed |= note (msg, LHK_USAGE_CACHE_WRITE, &msg->cache_write,
			 &u->cache_write);
	/* Lines with whole blocks repeat the number of the start. */
	if (!(msg->has & LHK_USAGE_OUTPUT) || u->output.value > msg->output)
		changed |=
			note (msg, LHK_USAGE_OUTPUT, &msg->output, &u->output);
	return changed ? emit_call (c, msg, model, parent) : 0;
}

static int
emit_model (struct claude *c, const struct lhk_text *id,
	    const struct lhk_text *model, const struct lhk_raw *raw)
{
	struct lhk_ev_usage e = {
		.ev = LHK_EV (struct lhk_ev_usage, LHK_EV_USAGE),
		.scope = LHK_SCOPE_TURN,
		.id = *id,
		.model = *model,
	};
	struct claude_model_usage u;
	int64_t nano;

	if (lhk_json_raw_object (raw, claude_table (CLAUDE_MODEL_USAGE), &u)
	    != LHK_OK)
		return 0;
	set_tokens (&e, &u.input, &u.output, &u.cache_read, &u.cache_write);
	usage_event_set (&e, LHK_USAGE_REASONING, &e.reasoning, &u.thinking);
	if (lhk_raw_nano (&u.cost, &nano))
		set_cost (&e, nano);
	c->calls_open = 0;
	return emit (c->api, &e.ev);
}

/* Nothing was charged for calls that were shown; without this event they would
 * count. */
static int
cover_calls (struct claude *c, const struct lhk_text *id)
{
	struct lhk_ev_usage e = {
		.ev = LHK_EV (struct lhk_ev_usage, LHK_EV_USAGE),
		.scope = LHK_SCOPE_TURN,
		.has = LHK_USAGE_INPUT | LHK_USAGE_OUTPUT,
		.id = *id,
	};
	const struct lhk_text model = id_copy_text (&c->model);
	int r;

	if (!c->calls_open)
		return 0;
	r = text_copy (&c->arena, &model, &e.model);
	if (r < 0)
		return r;
	c->calls_open = 0;
	return emit (c->api, &e.ev);
}

static int
emit_models (struct claude *c, const struct claude_result_line *line)
{
	struct lhk_text model;
	struct lhk_raw raw;
	struct lhk_json j;
	int r;

	lhk_json_begin_raw (&j, &line->since_last);
	lhk_json_enter (&j);
	while (lhk_json_key (&j, &model)) {
		lhk_json_raw (&j, &raw);
		r = raw.type != LHK_JSON_OBJECT
			    ? 0
			    : emit_model (c, &line->head.uuid, &model, &raw);
		if (r < 0)
			return r;
	}
	return cover_calls (c, &line->head.uuid);
}

/* The key of an object that has only one; else the model of the session. */
static struct lhk_text
only_model (const struct claude *c, const struct lhk_raw *models)
{
	struct lhk_text key = { NULL, 0, 0, 0 };
	struct lhk_text other;
	struct lhk_json j;

	if (models->type != LHK_JSON_OBJECT)
		return id_copy_text (&c->model);
	lhk_json_begin_raw (&j, models);
	lhk_json_enter (&j);
	if (!lhk_json_key (&j, &key) || !lhk_json_skip (&j)
	    || lhk_json_key (&j, &other))
		return id_copy_text (&c->model);
	return key;
}

struct lhk_text
claude_main_model (const struct lhk_raw *models)
{
	struct lhk_text ret = { NULL, 0, 0, 0 };
	struct claude_model_usage u;
	int64_t most = -1;
	struct lhk_text key;
	struct lhk_raw raw;
	struct lhk_json j;

	if (models->type != LHK_JSON_OBJECT)
		return ret;
	lhk_json_begin_raw (&j, models);
	lhk_json_enter (&j);
	while (lhk_json_key (&j, &key) && lhk_json_raw (&j, &raw)) {
		if (raw.type != LHK_JSON_OBJECT
		    || lhk_json_raw_object (
			       &raw, claude_table (CLAUDE_MODEL_USAGE), &u)
			       != LHK_OK
		    || u.output.value <= most)
			continue;
		most = u.output.value;
		ret = key;
	}
	return ret;
}

/* Older programs, and --output-format json. */
static int
emit_turn (struct claude *c, const struct claude_result_line *line,
	   int has_cost, int64_t cost)
{
	const struct claude_usage *u = &line->usage;
	struct lhk_ev_usage e = {
		.ev = LHK_EV (struct lhk_ev_usage, LHK_EV_USAGE),
		.scope = LHK_SCOPE_TURN,
		.id = line->head.uuid,
	};
	const struct lhk_text model = only_model (c, &line->model_usage);
	int r;

	r = text_copy (&c->arena, &model, &e.model);
	if (r < 0)
		return r;
	if (has_cost && cost != 0)
		set_cost (&e, cost);
	if (!u->input.has && !u->output.has) {
		/* A cost alone must not replace the tokens of the calls. */
		e.scope = LHK_SCOPE_CALL;
		return e.has ? emit (c->api, &e.ev) : 0;
	}
	if (u->input.value == 0 && u->output.value == 0 && !e.has)
		return cover_calls (c, &line->head.uuid);
	set_tokens (&e, &u->input, &u->output, &u->cache_read, &u->cache_write);
	usage_event_set (&e, LHK_USAGE_REASONING, &e.reasoning,
			 &u->details.thinking);
	c->calls_open = 0;
	return emit (c->api, &e.ev);
}

/* Did the model do anything in this turn? */
static int
has_usage (const struct claude_usage *u)
{
	return (u->input.has && u->input.value != 0)
	       || (u->output.has && u->output.value != 0)
	       || (u->cache_read.has && u->cache_read.value != 0)
	       || (u->cache_write.has && u->cache_write.value != 0);
}

/*
 * What was spent since the last result, by the running total.  A total that
 * falls is one that began anew, but for the 0 of a turn without a model call,
 * which says nothing.  A negative one is given on for the host to see.
 */
static int
spent (struct claude *c, const struct claude_result_line *line, int64_t *ret)
{
	int known = c->cost_known;
	int64_t before = c->cost;
	int64_t total;

	if (!lhk_raw_nano (&line->cost, &total))
		return 0;
	if (total == 0 && before > 0 && !has_usage (&line->usage))
		return 0;
	*ret = total;
	if (total < 0)
		return 1;
	c->cost = total;
	c->cost_known = 1;
	if (total >= before)
		*ret = total - before;
	return known || total < before;
}

int
claude_turn_usage (struct claude *c, const struct claude_result_line *line)
{
	int64_t cost = 0;
	int has = spent (c, line, &cost);

	if (line->since_last.type == LHK_JSON_OBJECT)
		return emit_models (c, line);
	return emit_turn (c, line, has, cost);
}
