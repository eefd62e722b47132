/* SPDX-License-Identifier: MIT */
/*
 * usage.c - the ledger: usage events in, one total per model out.
 *
 * Each model has three sums: of the RUN value, of the TURN values and of the
 * CALL values that nothing covers yet.  Values with an id are kept apart as
 * long as they may still be replaced, and added when totals are wanted.
 */
#include "config.h"

#include <string.h>

#include "event/idmap.h"
#include "json/text_reader.h"
#include "event/usage.h"
#include "common/limits.h"
#include "common/mem.h"

/* No honest run has more models; the usage of further ones is added up in one
 * total without a model. */
#define MODELS_MAX 32

enum { INPUT, OUTPUT, CACHE_READ, CACHE_WRITE, REASONING, COST, N_VALUES };

struct sums {
	uint32_t has;	   /* LHK_USAGE_* */
	int16_t estimated; /* a part of the cost is an estimate */
	int16_t gap;	   /* a part lacks its input or its output */
	int32_t costless;  /* a part has tokens and no cost */
	int64_t v[N_VALUES];
};

struct model {
	struct idmap_key key; /* of its name */
	struct text_copy name;
	struct sums run; /* the last RUN or SESSION value */
	struct sums turns;
	struct sums calls;
	int is_session; /* RUN is a SESSION value */
};

/* A value that may still be replaced. */
struct value {
	int32_t scope;
	uint32_t model;
	struct idmap_key key;
	struct sums sums;
};

/* What is left of a value that was added up for good. */
struct folded {
	int32_t scope;
	int32_t reserved;
};

struct usage {
	const struct lhk_alloc *alloc;
	struct idmap values;
	struct idmap folded;
	struct model models[MODELS_MAX + 1]; /* [0]: usage without a model */
	uint32_t n_models;
	uint32_t nameless_at; /* models that were seen before [0] was */
	int nameless_seen;
	uint64_t forgotten; /* values without room, or that came too late */
	int unknown;	    /* a value told nothing, or came too late */
	int dirty;	    /* the totals are not up to date */
	int gap;	    /* of one of the totals */
	struct lhk_usage_total totals[MODELS_MAX + 1];
	size_t n_totals;
};

static const uint32_t bits[N_VALUES] = {
	LHK_USAGE_INPUT,       LHK_USAGE_OUTPUT,    LHK_USAGE_CACHE_READ,
	LHK_USAGE_CACHE_WRITE, LHK_USAGE_REASONING, LHK_USAGE_COST,
};

struct usage *
usage_new (const struct lhk_alloc *alloc)
{
	struct usage *u = mem_zero (alloc, sizeof *u);

	if (u == NULL)
		return NULL;
	u->alloc = alloc;
	u->n_models = 1;
	idmap_init (&u->values, alloc, sizeof (struct value), LIMIT_USAGE_IDS);
	idmap_init (&u->folded, alloc, sizeof (struct folded),
		    LIMIT_USAGE_FOLDED);
	return u;
}

void
usage_free (struct usage *u)
{
	uint32_t i;

	if (u == NULL)
		return;
	for (i = 0; i < u->n_models; i++)
		text_copy_free (u->alloc, &u->models[i].name);
	idmap_free (&u->values);
	idmap_free (&u->folded);
	mem_free (u->alloc, u, sizeof *u);
}

static int64_t
add_saturated (int64_t x, int64_t y)
{
	int64_t sum;

	return __builtin_add_overflow (x, y, &sum) ? INT64_MAX : sum;
}

static void
add_sums (struct sums *to, const struct sums *s)
{
	int i;

	to->has |= s->has;
	to->estimated |= s->estimated;
	to->gap |= s->gap;
	to->costless |= s->costless;
	for (i = 0; i < N_VALUES; i++)
		to->v[i] = add_saturated (to->v[i], s->v[i]);
}

static int
is_estimate (const struct lhk_text *source)
{
	static const char estimated[] = "estimated";
	char word[sizeof estimated + TEXT_CHAR_MAX];
	struct text_reader r;

	text_reader_init (&r, source);
	return text_reader_plain (&r, word, sizeof word) == sizeof estimated - 1
	       && memcmp (word, estimated, sizeof estimated - 1) == 0;
}

static void
read_sums (const struct lhk_ev_usage *ev, struct sums *ret)
{
	const int64_t v[N_VALUES] = {
		ev->input,	 ev->output,	ev->cache_read,
		ev->cache_write, ev->reasoning, ev->cost_nano_usd,
	};
	const uint32_t tokens = LHK_USAGE_INPUT | LHK_USAGE_OUTPUT;
	int i;

	memset (ret, 0, sizeof *ret);
	for (i = 0; i < N_VALUES; i++) {
		if ((ev->has & bits[i]) == 0)
			continue;
		ret->has |= bits[i];
		ret->v[i] = v[i] > 0 ? v[i] : 0;
	}
	ret->gap = (ret->has & tokens) != tokens;
	ret->costless = (ret->has & LHK_USAGE_COST) == 0;
	ret->estimated = (ret->has & LHK_USAGE_COST) != 0
			 && is_estimate (&ev->cost_source);
}

/* The number of a model; 0 for no name, and if there is no room for another
 * model.  In that case *ret_other is its name, else it is absent. */
static uint32_t
find_model (struct usage *u, const struct lhk_text *name,
	    struct idmap_key *ret_other)
{
	static const struct idmap_key absent;
	struct idmap_key id;
	uint32_t i;

	*ret_other = absent;
	idmap_key_of (name, &id);
	if (idmap_key_absent (&id) || name->len == 0)
		goto none;
	for (i = 1; i < u->n_models; i++)
		if (idmap_key_same (&u->models[i].key, &id))
			return i;
	if (u->n_models > MODELS_MAX
	    || text_copy_set (u->alloc, &u->models[i].name, name, LIMIT_ID)
		       < 0) {
		u->forgotten++;
		*ret_other = id;
		goto none;
	}
	u->models[i].key = id;
	return u->n_models++;
none:
	if (!u->nameless_seen)
		u->nameless_at = u->n_models - 1;
	u->nameless_seen = 1;
	return 0;
}

/* An idmap_keep_fn of both maps, whose values begin with a scope: keep those
 * that COVERED, a scope, does not cover. */
static int
is_not_covered (void *user, void *value)
{
	const int32_t *covered = user;
	const int32_t *scope = value;

	return *scope > *covered;
}

/* A value of a larger scope came: what SCOPE covers no longer counts. */
static void
drop_covered (struct usage *u, int32_t scope)
{
	static const struct sums zero;
	uint32_t i;

	idmap_sweep (&u->values, is_not_covered, &scope);
	idmap_sweep (&u->folded, is_not_covered, &scope);
	for (i = 0; i < u->n_models; i++) {
		u->models[i].calls = zero;
		if (scope >= LHK_SCOPE_TURN)
			u->models[i].turns = zero;
	}
}

/* An idmap_keep_fn: drop as many of the oldest as are LEFT. */
static int
is_recent (void *user, void *value)
{
	size_t *left = user;

	(void) value;
	if (*left == 0)
		return 1;
	--*left;
	return 0;
}

/* Remember an id whose value was added up: what comes under it again is not
 * another value. */
static void
remember_folded (struct usage *u, const struct value *v)
{
	size_t left = LIMIT_USAGE_FOLDED / 4;
	struct folded *folded;

	if (u->folded.n == LIMIT_USAGE_FOLDED)
		idmap_sweep (&u->folded, is_recent, &left);
	folded = idmap_add (&u->folded, &v->key);
	if (folded != NULL)
		folded->scope = v->scope;
}

/* The sum that the values of SCOPE, CALL or TURN, belong to. */
static struct sums *
sum_of (struct usage *u, int32_t scope, uint32_t model)
{
	struct model *m = &u->models[model];

	return scope == LHK_SCOPE_TURN ? &m->turns : &m->calls;
}

struct folding {
	struct usage *u;
	size_t left; /* values still to be folded */
};

/* An idmap_keep_fn: add the oldest values to the sums for good.  A RUN value
 * may be replaced at any time. */
static int
is_not_folded (void *user, void *value)
{
	struct folding *f = user;
	const struct value *v = value;

	if (f->left == 0 || v->scope > LHK_SCOPE_TURN)
		return 1;
	f->left--;
	add_sums (sum_of (f->u, v->scope, v->model), &v->sums);
	remember_folded (f->u, v);
	return 0;
}

/* A value that can neither be told apart nor be added up. */
static void
lose_value (struct usage *u)
{
	u->forgotten++;
	u->unknown = 1;
}

/* Keep a value by its id; it replaces an earlier one. */
static void
keep_value (struct usage *u, const struct value *value)
{
	struct folding folding = { u, LIMIT_USAGE_IDS / 4 };
	struct value *v = idmap_find (&u->values, &value->key);

	if (v == NULL && idmap_find (&u->folded, &value->key) != NULL) {
		lose_value (u);
		return;
	}
	if (v == NULL && u->values.n == LIMIT_USAGE_IDS)
		idmap_sweep (&u->values, is_not_folded, &folding);
	if (v == NULL)
		v = idmap_add (&u->values, &value->key);
	if (v != NULL)
		*v = *value;
	else if (value->scope <= LHK_SCOPE_TURN)
		add_sums (sum_of (u, value->scope, value->model), &value->sums);
	else
		lose_value (u);
}

/* Add a CALL or TURN value, or one of a model without room, OTHER. */
static void
add_value (struct usage *u, const struct lhk_ev_usage *ev, int32_t scope,
	   uint32_t model, const struct idmap_key *other,
	   const struct sums *sums)
{
	struct value value = { .scope = scope, .model = model, .sums = *sums };

	if (scope <= LHK_SCOPE_TURN) {
		idmap_key_of (&ev->id, &value.key);
		if (idmap_key_absent (&value.key)) {
			add_sums (sum_of (u, scope, model), sums);
			return;
		}
	}
	idmap_key_mix (&value.key, other->a);
	idmap_key_mix (&value.key, (uint64_t) scope << 32 | model);
	keep_value (u, &value);
}

static void
add_total (struct usage *u, const struct lhk_ev_usage *ev, uint32_t model,
	   const struct idmap_key *other, const struct sums *sums)
{
	struct model *m = &u->models[model];

	drop_covered (u, LHK_SCOPE_TURN);
	if (!idmap_key_absent (other)) {
		m->is_session |= ev->scope == LHK_SCOPE_SESSION;
		add_value (u, ev, LHK_SCOPE_RUN, model, other, sums);
		return;
	}
	m->run = *sums;
	m->is_session = ev->scope == LHK_SCOPE_SESSION;
}

void
usage_add (struct usage *u, const struct lhk_ev_usage *ev)
{
	struct idmap_key other;
	struct sums sums;
	uint32_t model;

	read_sums (ev, &sums);
	if (ev->has == 0 && ev->scope >= LHK_SCOPE_TURN)
		u->unknown = u->dirty = 1;
	if (sums.has == 0)
		return;
	u->dirty = 1;
	model = find_model (u, &ev->model, &other);
	switch (ev->scope) {
	case LHK_SCOPE_RUN:
	case LHK_SCOPE_SESSION:
		add_total (u, ev, model, &other, &sums);
		break;
	case LHK_SCOPE_TURN:
		drop_covered (u, LHK_SCOPE_CALL);
		add_value (u, ev, LHK_SCOPE_TURN, model, &other, &sums);
		break;
	default:
		add_value (u, ev, LHK_SCOPE_CALL, model, &other, &sums);
	}
}

static void
put_total (struct usage *u, uint32_t model, const struct sums *s)
{
	struct lhk_usage_total *t = &u->totals[u->n_totals++];

	memset (t, 0, sizeof *t);
	t->model = text_copy_get (&u->models[model].name);
	t->has = s->has;
	t->estimated = s->estimated;
	t->input = s->v[INPUT];
	t->output = s->v[OUTPUT];
	t->cache_read = s->v[CACHE_READ];
	t->cache_write = s->v[CACHE_WRITE];
	t->reasoning = s->v[REASONING];
	t->cost_nano_usd = s->v[COST];
}

size_t
usage_totals (struct usage *u, const struct lhk_usage_total **ret)
{
	struct sums sums[MODELS_MAX + 1];
	const struct value *v;
	uint32_t i;
	size_t k;

	*ret = u->totals;
	if (!u->dirty)
		return u->n_totals;
	memset (sums, 0, sizeof sums);
	for (i = 0; i < u->n_models; i++) {
		sums[i] = u->models[i].run;
		add_sums (&sums[i], &u->models[i].turns);
		add_sums (&sums[i], &u->models[i].calls);
	}
	for (k = 0; k < u->values.n; k++) {
		v = idmap_value (&u->values, k);
		add_sums (&sums[v->model], &v->sums);
	}
	u->n_totals = 0;
	u->gap = u->unknown;
	for (i = 0; i < u->n_models; i++) {
		u->gap |=
			sums[i].gap
			| ((sums[i].has & LHK_USAGE_COST) && sums[i].costless);
		if (u->nameless_seen && i == u->nameless_at && sums[0].has != 0)
			put_total (u, 0, &sums[0]);
		if (i + 1 < u->n_models && sums[i + 1].has != 0)
			put_total (u, i + 1, &sums[i + 1]);
	}
	u->dirty = 0;
	return u->n_totals;
}

int
usage_has_gap (struct usage *u)
{
	const struct lhk_usage_total *t;

	usage_totals (u, &t);
	return u->gap;
}

uint64_t
usage_forgotten (const struct usage *u)
{
	return u->forgotten;
}

int
usage_scope (const struct usage *u)
{
	uint32_t i;

	for (i = 0; i < u->n_models; i++)
		if (u->models[i].is_session)
			return LHK_SCOPE_SESSION;
	return LHK_SCOPE_RUN;
}

void
usage_sum (struct usage *u, int64_t *ret_tokens, int64_t *ret_cost_nano,
	   int *ret_has_cost)
{
	const struct lhk_usage_total *t;
	int64_t tokens = 0, cost = 0;
	uint32_t has = 0;
	size_t i, n = usage_totals (u, &t);

	for (i = 0; i < n; i++) {
		tokens = add_saturated (tokens, t[i].input);
		tokens = add_saturated (tokens, t[i].output);
		cost = add_saturated (cost, t[i].cost_nano_usd);
		has |= t[i].has;
	}
	*ret_tokens = tokens;
	*ret_cost_nano = cost;
	*ret_has_cost = (has & LHK_USAGE_COST) != 0;
}
