/* SPDX-License-Identifier: MIT */
/*
 * usage.c - tokens and cost.
 *
 * On the wire input is without the cache; in events it includes cache reads
 * and writes.  A result's model_usage_since_last_result is what this process
 * used, subagents and broken calls included.  Without it that is the increase of
 * modelUsage, a running total that includes earlier processes of the session;
 * `usage' is the main thread's alone.
 */
#include "config.h"

#include "claude/claude.h"

/* A count that may be missing, as 0.  1, or 0 if it is no number at all. */
static int
read_count (const struct lhk_raw *raw, struct lhk_num *ret)
{
	return lhk_raw_num (raw, ret) || raw->type == LHK_JSON_NONE
	       || raw->type == LHK_JSON_NULL;
}

/* Set the tokens that the line tells.  1, or 0 if it does not tell all. */
static int
set_tokens (struct lhk_ev_usage *e, const struct claude_model_usage *u)
{
	struct lhk_num read = { 0, 0, 0 };
	struct lhk_num write = { 0, 0, 0 };
	int is_whole = read_count (&u->cache_read, &read)
		       & read_count (&u->cache_write, &write);

	usage_event_set (e, LHK_USAGE_INPUT, &e->input, &u->input);
	usage_event_set (e, LHK_USAGE_OUTPUT, &e->output, &u->output);
	usage_event_set (e, LHK_USAGE_CACHE_READ, &e->cache_read, &read);
	usage_event_set (e, LHK_USAGE_CACHE_WRITE, &e->cache_write, &write);
	usage_event_set (e, LHK_USAGE_REASONING, &e->reasoning,
			 &u->details.thinking);
	if (u->input.has)
		e->input = counts_add (
			e->input, counts_add (e->cache_read, e->cache_write));
	return is_whole;
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
	c->subagent_calls |= !text_empty (parent);
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

/* The usage of a turn, as its result tells it. */
struct turn {
	struct claude *c;
	const struct claude_result_line *line;
	struct lhk_text id;
	int scope;    /* LHK_SCOPE_* */
	int has_cost; /* by the running total */
	int64_t cost;
	int64_t total;	/* tokens of the running totals of all models */
	int is_total;	/* the list of models has running totals */
	int n_unpriced; /* models without a cost */
	int64_t priced; /* the cost of the others */
};

static struct lhk_ev_usage
event_of (const struct turn *t, const struct lhk_text *model)
{
	struct lhk_ev_usage e = {
		.ev = LHK_EV (struct lhk_ev_usage, LHK_EV_USAGE),
		.scope = t->scope,
		.id = t->id,
		.model = *model,
	};

	return e;
}

/* Emit that there was usage which is not known: an event without numbers. */
static int
emit_unknown (const struct turn *t, const struct lhk_text *model)
{
	struct lhk_ev_usage e = event_of (t, model);

	return emit (t->c->api, &e.ev);
}

static int
emit_known (const struct turn *t, const struct lhk_ev_usage *e)
{
	t->c->calls_open = 0;
	return emit (t->c->api, &e->ev);
}

/* ---- running totals ---- */

/* The last totals of a model; NULL if there is no room for them. */
static struct claude_total *
total_of (struct claude *c, const struct lhk_text *model)
{
	const struct lhk_str name = { model->ptr, model->len };
	uint64_t hash = claude_hash (&name);
	struct claude_total *total;
	uint32_t i;

	for (i = 0; i < c->n_totals; i++)
		if (c->totals[i].model == hash)
			return &c->totals[i];
	if (i == CLAUDE_TOTALS)
		return NULL;
	total = &c->totals[c->n_totals++];
	memset (total, 0, sizeof (*total));
	total->model = hash;
	return total;
}

/* Turn totals into their increase.  Totals that fall are those that began anew,
 * and zeros say nothing.  1, or 0 if there is none. */
static int
take_increase (struct claude_total *total, struct lhk_ev_usage *e)
{
	int64_t *const now[CLAUDE_TOTAL_VALUES] = {
		&e->input,	 &e->output,	&e->cache_read,
		&e->cache_write, &e->reasoning, &e->cost_nano_usd,
	};
	int64_t value, all = 0, increase = 0;
	int i, falls = 0;

	for (i = 0; i < CLAUDE_TOTAL_VALUES; i++) {
		if (*now[i] < 0)
			return 1;
		falls |= *now[i] < total->values[i];
		all |= *now[i];
	}
	for (i = 0; i < CLAUDE_TOTAL_VALUES && all != 0; i++) {
		value = *now[i];
		if (!falls)
			*now[i] -= total->values[i];
		total->values[i] = value;
		increase |= *now[i];
	}
	return increase != 0;
}

void
claude_totals_anew (struct claude *c)
{
	c->cost = 0;
	c->n_totals = 0;
	c->cost_known = c->totals_known = c->resumed <= 0;
}

/* ---- a result ---- */

/* Does the list have one model alone?  Then the cost of the turn is its. */
static int
is_alone (const struct lhk_raw *models, struct lhk_text *ret)
{
	struct lhk_text other;
	struct lhk_json j;

	if (models->type != LHK_JSON_OBJECT)
		return 0;
	lhk_json_begin_raw (&j, models);
	lhk_json_enter (&j);
	return lhk_json_key (&j, ret) && lhk_json_skip (&j)
	       && !lhk_json_key (&j, &other);
}

/* Read an entry of a list of models.  1; 0 if it does not tell all; -1 if it
 * tells nothing. */
static int
read_model (const struct lhk_raw *raw, struct lhk_ev_usage *e)
{
	struct claude_model_usage u;
	int64_t nano;
	int is_whole;

	if (raw->type != LHK_JSON_OBJECT
	    || lhk_json_raw_object (raw, claude_table (CLAUDE_MODEL_USAGE), &u)
		       != LHK_OK)
		return -1;
	is_whole = set_tokens (e, &u);
	if (lhk_raw_nano (&u.cost, &nano))
		set_cost (e, nano);
	return e->has != 0 ? is_whole : -1;
}

/* The cost that the program tells of the model, else that of the turn if there
 * is no other model.  0 may mean that it knows no price. */
static void
find_price (struct turn *t, struct lhk_ev_usage *e, int alone)
{
	if (e->cost_nano_usd == 0 && alone && t->has_cost)
		set_cost (e, t->cost);
	if (e->cost_nano_usd == 0)
		t->n_unpriced++;
	else
		t->priced = counts_add (t->priced, e->cost_nano_usd);
}

static int
emit_model (struct turn *t, const struct lhk_text *model,
	    const struct lhk_raw *raw, int alone)
{
	struct lhk_ev_usage e = event_of (t, model);
	int known = read_model (raw, &e);
	struct claude_total *total = NULL;
	int r = 0;

	if (known >= 0 && t->is_total) {
		total = total_of (t->c, model);
		if (total != NULL && !take_increase (total, &e))
			return 0;
	}
	if (known < 1 || (t->is_total && total == NULL))
		r = emit_unknown (t, model);
	if (r < 0 || known < 0 || (t->is_total && total == NULL))
		return r;
	find_price (t, &e, alone);
	return emit_known (t, &e);
}

/* Nothing was charged for calls that were shown; without this event they would
 * count. */
static int
cover_calls (struct turn *t)
{
	const struct lhk_text model = id_copy_text (&t->c->model);
	struct lhk_ev_usage e = event_of (t, &model);
	int r;

	if (!t->c->calls_open)
		return 0;
	r = text_copy (&t->c->arena, &model, &e.model);
	e.has = LHK_USAGE_INPUT | LHK_USAGE_OUTPUT;
	return r < 0 ? r : emit_known (t, &e);
}

/* The part of the cost that no model of several has. */
static int
emit_unpriced (struct turn *t)
{
	static const struct lhk_text absent;
	struct lhk_ev_usage e = event_of (t, &absent);

	if (t->n_unpriced == 0 || !t->has_cost || t->cost <= t->priced)
		return 0;
	e.has = LHK_USAGE_INPUT | LHK_USAGE_OUTPUT;
	set_cost (&e, t->cost - t->priced);
	return emit_known (t, &e);
}

static int
emit_models (struct turn *t, const struct lhk_raw *list)
{
	struct lhk_text model;
	int alone = is_alone (list, &model);
	struct lhk_raw raw;
	struct lhk_json j;
	int r;

	lhk_json_begin_raw (&j, list);
	lhk_json_enter (&j);
	while (lhk_json_key (&j, &model) && lhk_json_raw (&j, &raw)) {
		r = emit_model (t, &model, &raw, alone);
		if (r < 0)
			return r;
	}
	r = emit_unpriced (t);
	return r < 0 ? r : cover_calls (t);
}

/* Remember the totals of the models.  1 if there are any that are not 0. */
static int
note_totals (struct turn *t, int keep)
{
	const struct lhk_raw *list = &t->line->model_usage;
	struct claude_total *total;
	struct lhk_ev_usage e;
	struct lhk_text model;
	struct lhk_raw raw;
	struct lhk_json j;
	int any = 0;

	if (list->type != LHK_JSON_OBJECT)
		return 0;
	lhk_json_begin_raw (&j, list);
	lhk_json_enter (&j);
	while (lhk_json_key (&j, &model) && lhk_json_raw (&j, &raw)) {
		e = event_of (t, &model);
		if (read_model (&raw, &e) < 0 || (e.input | e.output) == 0)
			continue;
		any = 1;
		t->total =
			counts_add (t->total, counts_add (e.input, e.output));
		total = keep ? total_of (t->c, &model) : NULL;
		if (total != NULL)
			take_increase (total, &e);
	}
	return any;
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

/* Did the model do anything in this turn? */
static int
has_usage (const struct claude_model_usage *u)
{
	struct lhk_num read = { 0, 0, 0 };
	struct lhk_num write = { 0, 0, 0 };

	read_count (&u->cache_read, &read);
	read_count (&u->cache_write, &write);
	return (u->input.value | u->output.value | read.value | write.value)
	       != 0;
}

/* By the member `usage', which has the main thread alone: older programs, and a
 * session whose totals have an unknown start. */
static int
emit_turn (struct turn *t)
{
	const struct claude_model_usage *u = &t->line->usage;
	struct lhk_text model = id_copy_text (&t->c->model);
	struct lhk_ev_usage e = event_of (t, &model);
	int is_whole;
	int r = 0;

	if (!is_alone (&t->line->model_usage, &e.model))
		r = text_copy (&t->c->arena, &model, &e.model);
	if (r < 0)
		return r;
	if (t->has_cost && (t->cost != 0 || has_usage (u)))
		set_cost (&e, t->cost);
	if (!u->input.has && !u->output.has) {
		/* A cost alone must not replace the tokens of the calls. */
		e.scope = LHK_SCOPE_CALL;
		return e.has ? emit (t->c->api, &e.ev) : 0;
	}
	if (u->input.value == 0 && u->output.value == 0 && !e.has)
		return cover_calls (t);
	is_whole = set_tokens (&e, u) && !t->c->subagent_calls;
	r = emit_known (t, &e);
	return r < 0 || is_whole ? r : emit_unknown (t, &e.model);
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
	if (total == 0 && !has_usage (&line->usage))
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

/* Do the entries of model_usage_since_last_result tell the usage?  None at all
 * says that there was none, unless the cost says otherwise. */
static int
tells_increase (const struct turn *t)
{
	struct lhk_text model;
	struct lhk_json j;

	if (t->line->since_last.type != LHK_JSON_OBJECT)
		return 0;
	lhk_json_begin_raw (&j, &t->line->since_last);
	lhk_json_enter (&j);
	return lhk_json_key (&j, &model) || !t->has_cost || t->cost <= 0;
}

/* Nobody knows when the first totals of a stream began, if the command is not
 * known, unless this turn accounts for all of them. */
static int
scope_of_totals (struct turn *t)
{
	struct lhk_ev_usage e = event_of (t, &t->id);

	set_tokens (&e, &t->line->usage);
	return t->c->resumed != 0 || t->c->totals_read
			       || counts_add (e.input, e.output) == t->total
		       ? LHK_SCOPE_TURN
		       : LHK_SCOPE_SESSION;
}

static int
emit_usage (struct turn *t)
{
	struct claude *c = t->c;
	int is_increase = tells_increase (t);

	t->is_total = c->totals_known && !is_increase && note_totals (t, 0);
	if (t->is_total) {
		t->scope = scope_of_totals (t);
		c->totals_read = 1;
		return emit_models (t, &t->line->model_usage);
	}
	if (note_totals (t, 1))
		c->totals_read = c->totals_known = 1;
	return is_increase ? emit_models (t, &t->line->since_last)
			   : emit_turn (t);
}

int
claude_turn_usage (struct claude *c, const struct claude_result_line *line)
{
	struct turn t = { .c = c, .line = line, .scope = LHK_SCOPE_TURN };
	int r = claude_text_id (c, &line->head.uuid, ++c->turns, &t.id);

	if (r < 0)
		return r;
	t.has_cost = spent (c, line, &t.cost);
	r = emit_usage (&t);
	c->subagent_calls = 0;
	return r;
}
