/* SPDX-License-Identifier: MIT */
/*
 * redact_tokens.c - secrets that are known by how they look: tokens of services,
 * which begin with a fixed text; private keys in PEM; passwords in URLs.
 */
#include "config.h"

#include <string.h>

#include "common/macros.h"
#include "tool/redact_private.h"

enum {
	CHARS_WORD,    /* letters, digits, _ and - */
	CHARS_CAPITAL, /* capital letters and digits */
	CHARS_DOTTED   /* those of CHARS_WORD, and . */
};

/* A token begins with its prefix, not after a letter or digit, and has at least
 * MIN more characters. */
static const struct token {
	const char *prefix;
	uint32_t min;
	int chars;
	/* clang-format off: a table */
} tokens[] = {
	{ "AIza", 30, CHARS_WORD },    /* Google */
	{ "AKIA", 16, CHARS_CAPITAL }, /* AWS */
	{ "ASIA", 16, CHARS_CAPITAL },
	{ "eyJ", 17, CHARS_DOTTED }, /* JSON web token */
	{ "ghp_", 20, CHARS_WORD },  /* GitHub */
	{ "gho_", 20, CHARS_WORD },
	{ "ghr_", 20, CHARS_WORD },
	{ "ghs_", 20, CHARS_WORD },
	{ "ghu_", 20, CHARS_WORD },
	{ "github_pat_", 20, CHARS_WORD },
	{ "glpat-", 20, CHARS_WORD }, /* GitLab */
	{ "hf_", 30, CHARS_WORD },    /* Hugging Face */
	{ "npm_", 30, CHARS_WORD },
	{ "rk_live_", 16, CHARS_WORD }, /* Stripe */
	{ "sk-", 20, CHARS_WORD },	/* OpenAI, Anthropic */
	{ "sk_live_", 16, CHARS_WORD },
	{ "sk_test_", 16, CHARS_WORD },
	{ "xapp-", 10, CHARS_WORD }, /* Slack */
	{ "xoxa-", 10, CHARS_WORD },
	{ "xoxb-", 10, CHARS_WORD },
	{ "xoxe-", 10, CHARS_WORD },
	{ "xoxp-", 10, CHARS_WORD },
	{ "xoxr-", 10, CHARS_WORD },
	{ "xoxs-", 10, CHARS_WORD },
	{ "ya29.", 20, CHARS_WORD }, /* Google */
};
/* clang-format on */

#define N_TOKENS ((int) ARRAY_SIZE (tokens))

/* Marks of the automaton: 1 to N_TOKENS are tokens. */
enum { MARK_PEM_BEGIN = N_TOKENS + 1, MARK_PEM_KEY, MARK_PEM_END, MARK_URL };

/* Where in a private key. */
enum {
	PEM_NONE,
	PEM_TITLE, /* after BEGIN: it may become "PRIVATE KEY" */
	PEM_BODY,
	PEM_TAIL /* after END, to the last dash */
};

#define PEM_TITLE_MAX 64u
#define URL_MAX 512u

int
redact_tokens_add (struct automaton *a)
{
	int i, r = LHK_OK;

	for (i = 0; i < N_TOKENS && r == LHK_OK; i++)
		r = redact_automaton_add (a, tokens[i].prefix,
					  strlen (tokens[i].prefix), i + 1);
	if (r == LHK_OK)
		r = redact_automaton_add (a, "-----BEGIN ", 11, MARK_PEM_BEGIN);
	if (r == LHK_OK)
		r = redact_automaton_add (a, "PRIVATE KEY", 11, MARK_PEM_KEY);
	if (r == LHK_OK)
		r = redact_automaton_add (a, "-----END ", 9, MARK_PEM_END);
	if (r == LHK_OK)
		r = redact_automaton_add (a, "://", 3, MARK_URL);
	return r;
}

static int
is_token_char (int chars, unsigned char c)
{
	if (chars == CHARS_CAPITAL)
		return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
	return redact_is_alnum (c) || c == '_' || c == '-'
	       || (chars == CHARS_DOTTED && c == '.');
}

static size_t
token_step (struct token_scan *s, unsigned char c, int mark, size_t mark_len,
	    unsigned char before)
{
	const struct token *t;

	if (s->token != 0) {
		t = &tokens[s->token - 1];
		if (is_token_char (t->chars, c)) {
			s->token_len++;
			if (s->token_sure)
				return 1;
			s->token_sure =
				s->token_len >= strlen (t->prefix) + t->min;
			return s->token_sure ? s->token_len : 0;
		}
		s->token = 0;
	}
	if (mark > 0 && mark <= N_TOKENS && !redact_is_alnum (before)) {
		s->token = mark;
		s->token_len = (uint32_t) mark_len;
		s->token_sure = 0;
	}
	return 0;
}

/* Base64, the characters of headers, and newlines, also as escapes. */
static int
is_pem_char (unsigned char c)
{
	return redact_is_alnum (c)
	       || (c != '\0' && strchr ("+/=\\-:, \t\r\n", c));
}

static size_t
pem_title_step (struct token_scan *s, unsigned char c, int mark)
{
	s->pem_len++;
	if (mark == MARK_PEM_KEY) {
		s->pem = PEM_BODY;
		return s->pem_len;
	}
	if (s->pem_len > PEM_TITLE_MAX || c == '\n' || c == '-')
		s->pem = PEM_NONE;
	return 0;
}

static size_t
pem_step (struct token_scan *s, unsigned char c, int mark, size_t mark_len)
{
	switch (s->pem) {
	case PEM_TITLE:
		return pem_title_step (s, c, mark);
	case PEM_BODY:
		if (mark == MARK_PEM_END) {
			s->pem = PEM_TAIL;
			s->dashes = 0;
			return 1;
		}
		if (is_pem_char (c))
			return 1;
		s->pem = PEM_NONE;
		return 0;
	case PEM_TAIL:
		s->dashes += c == '-';
		if (s->dashes == 5 || c == '\n')
			s->pem = PEM_NONE;
		return c != '\n';
	default:
		if (mark == MARK_PEM_BEGIN) {
			s->pem = PEM_TITLE;
			s->pem_len = (uint32_t) mark_len;
		}
		return 0;
	}
}

/* scheme://user:password@host: the password is known at the @. */
static size_t
url_step (struct token_scan *s, unsigned char c, int mark)
{
	if (mark == MARK_URL) {
		s->url = 1;
		s->url_len = s->url_colon = 0;
		return 0;
	}
	if (!s->url)
		return 0;
	s->url_len++;
	if (c == ':' && s->url_colon == 0)
		s->url_colon = s->url_len;
	if (c == '@' || c <= ' ' || s->url_len > URL_MAX
	    || strchr ("/?#\"'<>`", c) != NULL) {
		s->url = 0;
		if (c == '@' && s->url_colon != 0)
			return s->url_len - s->url_colon;
	}
	return 0;
}

size_t
redact_tokens_step (struct token_scan *s, unsigned char c, int mark,
		    size_t mark_len, unsigned char before)
{
	size_t token = token_step (s, c, mark, mark_len, before);
	size_t pem = pem_step (s, c, mark, mark_len);
	size_t url = url_step (s, c, mark);

	if (pem > token)
		token = pem;
	return url > token ? url : token;
}

size_t
redact_tokens_pending (const struct token_scan *s)
{
	size_t pending =
		s->url && s->url_colon != 0 ? s->url_len - s->url_colon : 0;

	if (s->token != 0 && !s->token_sure && s->token_len > pending)
		pending = s->token_len;
	if (s->pem == PEM_TITLE && s->pem_len > pending)
		pending = s->pem_len;
	return pending;
}
