/* SPDX-License-Identifier: MIT */
/* tool_redact.c - no secret is emitted, however the text is cut into pieces. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/failing.h"
#include "lib/tap.h"
#include "tool/stderr_capture.h"
#include "common/mem.h"

#define TEXT(literal)                                                          \
	{                                                                      \
		literal, sizeof (literal) - 1                                  \
	}

static char out[1 << 16];
static size_t n_out;

static void
gather (void *user, const char *data, size_t len)
{
	(void) user;
	if (len > sizeof out - 1 - n_out)
		len = sizeof out - 1 - n_out;
	memcpy (out + n_out, data, len);
	n_out += len;
	out[n_out] = '\0';
}

/* In pieces of CHUNK bytes. */
static const char *
redacted (struct redact *r, const char *text, size_t chunk, int cut)
{
	size_t len = strlen (text), n;

	n_out = 0;
	out[0] = '\0';
	for (; len > 0; len -= n, text += n) {
		n = len < chunk ? len : chunk;
		redact_feed (r, text, n, gather, NULL);
	}
	redact_end (r, cut, gather, NULL);
	return out;
}

static struct redact *
make_redact (const char *const *words, size_t n_words, const char *const *env)
{
	const struct redact_sources from = { words, n_words, env, NULL, NULL };

	return redact_new (&mem_system, &from);
}

static void
gives (struct redact *r, const char *text, const char *wanted)
{
	size_t chunk;

	for (chunk = 1; chunk <= strlen (text); chunk++)
		if (!TAP_EQ_STR (redacted (r, text, chunk, 0), wanted)) {
			tap_note ("pieces of %zu", chunk);
			return;
		}
}

struct row {
	const char *text, *wanted;
};

/* Without names or literals of the caller. */
static void
all_give (const struct row *rows, size_t n)
{
	struct redact *r = make_redact (NULL, 0, NULL);
	size_t i;

	for (i = 0; i < n; i++)
		gives (r, rows[i].text, rows[i].wanted);
	redact_free (r);
}

static void
names (void)
{
	static const struct row rows[] = {
		{ "password=hunter2 next", "password=[redacted] next" },
		{ "PASSWORD=a b c\nnext", "PASSWORD=[redacted]\nnext" },
		{ "x PASSWORD=a b", "x PASSWORD=[redacted] b" },
		{ "DB_PASSWD=x", "DB_PASSWD=[redacted]" },
		{ "password: a b c\nnext", "password: [redacted]\nnext" },
		{ "\"password\": \"a b\", \"n\": 1",
		  "\"password\": \"[redacted]\", \"n\": 1" },
		{ "{\"client_secret\":\"a\\\"b\",\"x\":2}",
		  "{\"client_secret\":\"[redacted]\",\"x\":2}" },
		{ "{\"pin\":1,\"token\":12345,\"y\":3}",
		  "{\"pin\":1,\"token\":[redacted],\"y\":3}" },
		{ "{\"api_keys\":[\"a\",\"b\"],\"y\":3}",
		  "{\"api_keys\":[\"[redacted]\",\"[redacted]\"],\"y\":3}" },
		{ "{'apiKey': 'abc'}", "{'apiKey': '[redacted]'}" },
		{ "\\\"token\\\":\\\"abc\\\",\\\"n\\\":1",
		  "\\\"token\\\":\\\"[redacted]\",\\\"n\\\":1" },
		{ "Authorization: Bearer abc.def\r\nHost: x",
		  "Authorization: [redacted]\r\nHost: x" },
		{ "X-Api-Key: abc\n", "X-Api-Key: [redacted]\n" },
		{ "Set-Cookie: a=b; c=d\n", "Set-Cookie: [redacted]\n" },
		{ "cookie=x; y", "cookie=[redacted] y" },
		{ "auth is Bearer abc and more",
		  "auth is Bearer [redacted] and more" },
		{ "authorization=Bearer abc d",
		  "authorization=[redacted] [redacted] d" },
		{ "run --token abc --verbose", "run --token [redacted]"
					       " --verbose" },
		{ "run --token --verbose", "run --token --verbose" },
		{ "run --api-key=abc x", "run --api-key=[redacted] x" },
		{ "run --password 'a b' x", "run --password '[redacted]' x" },
		{ "https://h/?access_token=abc&x=1",
		  "https://h/?access_token=[redacted]&x=1" },
		{ "password => \"x\"", "password => \"[redacted]\"" },
		{ "env['SECRET'] = 'x'", "env['SECRET'] = '[redacted]'" },
		{ "AWS_SECRET_ACCESS_KEY=x", "AWS_SECRET_ACCESS_KEY="
					     "[redacted]" },
		{ "privateKey: x", "privateKey: [redacted]" },
		{ "credentials: x", "credentials: [redacted]" },
		{ "API_KEY_2=x", "API_KEY_2=[redacted]" },
		{ "x OPENAI_KEY=x y", "x OPENAI_KEY=[redacted] y" },
		{ "db_pass=x mysql_pwd=y", "db_pass=[redacted] mysql_pwd="
					   "[redacted]" },
		{ "dsn: x", "dsn: [redacted]" },
		{ "password=\nx", "password=\nx" },
		/* These are not secrets. */
		{ "max_tokens=100 tokens: 5", "max_tokens=100 tokens: 5" },
		{ "tokenizer: bpe", "tokenizer: bpe" },
		{ "the password is not told", "the password is not told" },
		{ "PWD=/home/x", "PWD=/home/x" },
		{ "key: 5, pass: 12 auth=on", "key: 5, pass: 12 auth=on" },
		{ "primary_key=id MONKEY=x", "primary_key=id MONKEY=x" },
		{ "a = b, c: d", "a = b, c: d" },
	};

	all_give (rows, sizeof rows / sizeof rows[0]);
}

static void
shapes (void)
{
	static const struct row rows[] = {
		{ "x sk-abcdefghij0123456789 y", "x [redacted] y" },
		{ "x sk-ant-api03-abcdefghij0123456789_- y", "x [redacted] y" },
		{ "ghp_abcdefghij0123456789", "[redacted]" },
		{ "(gho_abcdefghij0123456789)", "([redacted])" },
		{ "github_pat_11ABCDEFG0abcdefghij_xyz.", "[redacted]." },
		{ "xoxb-1234567890-abc", "[redacted]" },
		{ "AKIAIOSFODNN7EXAMPLE ok", "[redacted] ok" },
		{ "AIzaSyA1234567890abcdefghijklmnopqrstuv", "[redacted]" },
		{ "jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_x end",
		  "jwt [redacted] end" },
		{ "postgres://user:pa:ss@host/db",
		  "postgres://user:[redacted]@host/db" },
		{ "http://host:8080/path?a@b", "http://host:8080/path?a@b" },
		{ "a -----BEGIN RSA PRIVATE KEY-----\nMIIE+/x=\nab\n"
		  "-----END RSA PRIVATE KEY-----\nafter",
		  "a [redacted]\nafter" },
		{ "\"-----BEGIN PRIVATE KEY-----\\nMII\\n"
		  "-----END PRIVATE KEY-----\\n\"",
		  "\"[redacted]\\n\"" },
		{ "-----BEGIN CERTIFICATE-----\nMII\n",
		  "-----BEGIN CERTIFICATE-----\nMII\n" },
		/* These are not secrets. */
		{ "risk-assessment-of-something-long-enough",
		  "risk-assessment-of-something-long-enough" },
		{ "sk-short and eyJx", "sk-short and eyJx" },
		{ "ghp_", "ghp_" },
	};

	all_give (rows, sizeof rows / sizeof rows[0]);
}

static struct redact *
make_literals (void)
{
	const char *const words[] = { "=hunter2", "=hunter22x", "=a\"b", "pin",
				      "=" };
	const char *const env[] = { "MY_TOKEN=topsecret", "SHORT_TOKEN=abc",
				    "CARD_PIN=987654", "PLAIN=everyday", NULL };

	return make_redact (words, 5, env);
}

static void
literals (void)
{
	struct redact *r = make_literals ();

	gives (r, "a hunter2 b", "a [redacted] b");
	gives (r, "huntehunter2", "hunte[redacted]");
	gives (r, "hunter2hunter2.", "[redacted].");
	redact_free (r);
}

static void
longest_literal (void)
{
	struct redact *r = make_literals ();

	gives (r, "hunter22x", "[redacted]");
	gives (r, "hunter22y", "[redacted]2y");
	redact_free (r);
}

static void
literal_in_json (void)
{
	struct redact *r = make_literals ();

	gives (r, "a\"b and \"a\\\"b\"", "[redacted] and \"[redacted]\"");
	redact_free (r);
}

static void
secrets_of_environment (void)
{
	struct redact *r = make_literals ();

	gives (r, "xtopsecrety", "x[redacted]y");
	gives (r, "987654", "[redacted]");
	gives (r, "abc everyday", "abc everyday");
	redact_free (r);
}

static void
names_of_the_caller (void)
{
	struct redact *r = make_literals ();

	gives (r, "card_pin=1 cardPin=2 pin: 3",
	       "card_pin=[redacted]"
	       " cardPin=[redacted] pin: [redacted]");
	gives (r, "spin=1 spinning: 2", "spin=1 spinning: 2");
	redact_free (r);
}

/* Does NAME=VALUE make VALUE a secret wherever it stands? */
static int
hides (const char *name)
{
	char variable[80];
	const char *const env[] = { variable, NULL };
	struct redact *r;
	int hidden;

	snprintf (variable, sizeof variable, "%s=hunter2secret", name);
	r = make_redact (NULL, 0, env);
	redacted (r, "as hunter2secret", 100, 0);
	hidden = strcmp (out, "as [redacted]") == 0;
	redact_free (r);
	return hidden;
}

static void
names_of_variables (void)
{
	static const char *const secret[] = {
		"MYSQL_PWD",	"DB_PASS",	 "SMTP_PASS",
		"OPENAI_KEY",	"SSH_KEY",	 "ENCRYPTION_KEY",
		"GITHUB_PAT",	"NPM_AUTH",	 "AUTH",
		"SENTRY_DSN",	"DSN",		 "AWS_CREDENTIALS",
		"GCP_CREDS",	"DBPASS",	 "SSHPASS",
		"REDIS_PASS_2", "SSH_KEY_B64",	 "TLS_KEY_PEM",
		"SIGNING_KEYS", "WIFI_PSK",	 "SLACK_WEBHOOK_URL",
		"MY_JWT",	"USER_PASSCODE", "GITLAB_OAUTH",
		"dbPass",	"openaiKey",	 "PASS",
		"API_KEY_1",	"DB_PW",	 "AZURE_CONNECTION_STRING",
		"BINDPW",	"LDAP_BINDPW",	 "DOCKER_AUTH_CONFIG",
		"STRIPE_SK",	"OTP",		 "PIN",
		"SALT",		"TOTP_SEED",	 "rootpw",
	};
	static const char *const harmless[] = {
		"KEYBOARD",    "MONKEY",    "PASSENGER",      "PATH",
		"AUTHOR",      "AUTHORITY", "COMPASS",	      "BYPASS",
		"PWD",	       "OLDPWD",    "PATTERN",	      "TURKEY",
		"PRIMARY_KEY", "CACHE_KEY", "SSH_PUBLIC_KEY", "SORT_KEYS",
		"SPIN",	       "KEYMAP",    "SSH_AUTH_SOCK",  "PASSIVE",
		"MAX_TOKENS",  "KEY_FILE",  "CREDIT",	      "SALTED",
		"TASK",	       "DESK",	    "RANDOM_SEED",    "PINNED",
	};
	size_t i;

	for (i = 0; i < sizeof secret / sizeof secret[0]; i++)
		if (!hides (secret[i]))
			TAP_EQ_STR (secret[i], "a secret");
	for (i = 0; i < sizeof harmless / sizeof harmless[0]; i++)
		if (hides (harmless[i]))
			TAP_EQ_STR (harmless[i], "no secret");
}

static void
secrets_of_json (void)
{
	static const struct lhk_str config = TEXT (
		"{\"api_key\":\"hunter2secret\",\"db\":{\"host\":\"localhost\","
		"\"pass\":\"correct-horse\",\"list\":[{\"smtpPass\":"
		"\"battery-staple\"}]},\"secrets\":{\"one\":\"first-one\","
		"\"more\":[\"second-one\",[1234567]]},\"auth\":{\"user\":"
		"\"everybody\",\"key\":\"a\\\"quoted\"},\"url\":"
		"\"pg://me:in-the-url@h/x\",\"pin_code\":\"everyday\","
		"\"keyboard\":\"qwerty-x\",\"token\":\"abc\"}");
	static const struct lhk_str input =
		TEXT ("{\"key\":\"everyday\",\"password\":\"of-the-input\"}");
	const struct redact_sources from = { NULL, 0, NULL, &config, &input };
	struct redact *r = redact_new (&mem_system, &from);

	gives (r, "hunter2secret correct-horse battery-staple.",
	       "[redacted] [redacted] [redacted].");
	gives (r, "first-one second-one 1234567",
	       "[redacted] [redacted] [redacted]");
	gives (r, "a\"quoted or a\\\"quoted", "[redacted] or [redacted]");
	gives (r, "in-the-url of-the-input", "[redacted] [redacted]");
	gives (r, "localhost everybody everyday qwerty-x abc",
	       "localhost everybody everyday qwerty-x abc");
	redact_free (r);
}

/* Secrets that stand behind a word, or behind their names in one string, or beside
 * them. */
static void
secrets_beside_names (void)
{
	static const struct lhk_str config = TEXT (
		"{\"headers\":{\"Authorization\":\"Bearer  bearer-one\"},"
		"\"env\":[\"API_TOKEN=env-one\",\"DB_PASS='env-two'\","
		"\"MODE=everyday\"],\"args\":[\"--token=arg-one\"],"
		"\"more\":[\"X-Api-Key: header-one\",\"Accept: text/any\"],"
		"\"file\":\"A=1\\nSTRIPE_SK=line-one\\n\","
		"\"pairs\":[{\"name\":\"API_TOKEN\",\"value\":\"pair-one\"},"
		"{\"value\":\"pair-two\",\"key\":\"DB_PASSWORD\"},"
		"{\"name\":\"MODE\",\"value\":\"evening\"}]}");
	const char *const env[] = {
		"AUTHORIZATION=Bearer bearer-two", "MY_AUTH=Basic basic-one",
		"DOCKER_AUTH_CONFIG={\"auths\":{\"h\":{\"auth\":\"b64-one\"}}}",
		NULL
	};
	const struct redact_sources from = { NULL, 0, env, &config, NULL };
	struct redact *r = redact_new (&mem_system, &from);

	gives (r, "bearer-one bearer-two basic-one b64-one",
	       "[redacted] [redacted] [redacted] [redacted]");
	gives (r, "env-one env-two arg-one header-one line-one",
	       "[redacted] [redacted] [redacted] [redacted] [redacted]");
	gives (r, "pair-one pair-two", "[redacted] [redacted]");
	gives (r, "everyday text/any evening MODE API_TOKEN Bearer",
	       "everyday text/any evening MODE API_TOKEN Bearer");
	redact_free (r);
}

static void
passwords_of_urls (void)
{
	const char *const env[] = { "DATABASE_URL=postgres://me:hunter2secret"
				    "@host:5432/db",
				    "PROXY=http://host:8080/a:b@c", NULL };
	struct redact *r = make_redact (NULL, 0, env);

	gives (r, "as hunter2secret", "as [redacted]");
	gives (r, "host:8080/a:b@c", "host:8080/a:b@c");
	redact_free (r);
}

/* The beginning of a literal at the end of the text. */
static void
endings (void)
{
	const char *const words[] = { "=correcthorse" };
	struct redact *r = make_redact (words, 1, NULL);

	TAP_EQ_STR (redacted (r, "x corr", 3, 0), "x corr");
	TAP_EQ_STR (redacted (r, "x correctho", 3, 0), "x [redacted]");
	TAP_EQ_STR (redacted (r, "x corr", 3, 1), "x [redacted]");
	TAP_EQ_STR (redacted (r, "x ghp_abcdef", 3, 1), "x [redacted]");
	TAP_EQ_STR (redacted (r, "x ghp_abcdef", 3, 0), "x ghp_abcdef");
	/* The next text does not continue the last one. */
	TAP_EQ_STR (redacted (r, "ecthorse", 3, 0), "ecthorse");
	redact_free (r);
}

static void
long_literal (void)
{
	size_t len = 10000, i;
	char *word = malloc (len + 2), *text = malloc (len + 10);
	const char *const words[] = { word };
	struct redact *r;

	word[0] = '=';
	for (i = 1; i <= len; i++)
		word[i] = (char) ('a' + i * i % 23);
	word[len + 1] = '\0';
	snprintf (text, len + 10, "<<%s>>", word + 1);
	r = make_redact (words, 1, NULL);
	TAP_EQ_STR (redacted (r, text, 777, 0), "<<[redacted]>>");
	TAP_EQ_STR (redacted (r, text, 1, 0), "<<[redacted]>>");
	redact_free (r);
	free (text);
	free (word);
}

/* Every byte may begin the literal: no step may look back far. */
static void
hostile (void)
{
	size_t len = 4096, i;
	char *word = malloc (len + 2), *block = malloc (1 << 16);
	const char *const words[] = { word };
	struct redact *r;

	memset (word, 'a', len);
	word[0] = '=';
	word[len] = 'b';
	word[len + 1] = '\0';
	memset (block, 'a', 1 << 16);
	r = make_redact (words, 1, NULL);
	n_out = 0;
	for (i = 0; i < 256; i++)
		redact_feed (r, block, 1 << 16, gather, NULL);
	redact_end (r, 0, gather, NULL);
	CU_ASSERT (n_out > 0);
	redact_free (r);
	free (block);
	free (word);
}

static void
no_memory (void)
{
	const char *const words[] = { "=x\"y", "name" };
	const char *const env[] = { "A_TOKEN=0123456789", NULL };
	const struct lhk_str config = TEXT ("{\"db\":{\"pwd\":\"a\\nbcdef\"}}");
	const struct redact_sources from = { words, 2, env, &config, &config };
	struct failing f;
	struct redact *r;
	int k;

	for (k = 1; k < 100; k++) {
		failing_init (&f);
		f.fail_at = (uint64_t) k;
		r = redact_new (&f.alloc, &from);
		CU_ASSERT ((r == NULL) == (f.failed != 0));
		redact_free (r);
		CU_ASSERT (failing_clean (&f));
		if (f.failed == 0)
			break;
	}
	CU_ASSERT (k > 3 && k < 100);
}

/* ---- lines ---- */

static char lines[1 << 16];
static size_t n_lines, n_long;

static void
line (void *user, const char *p, size_t len, int more)
{
	size_t at = strlen (lines);

	(void) user;
	n_lines++;
	n_long += more != 0;
	if (at + len + 3 < sizeof lines)
		snprintf (lines + at, sizeof lines - at, "%.*s%s", (int) len, p,
			  more ? "+" : "|");
}

static struct redact *
capture_begin (struct stderr_capture *c, size_t keep)
{
	const char *const words[] = { "=hunter2" };
	struct redact *r = make_redact (words, 1, NULL);

	stderr_capture_init (c, &mem_system, r, keep);
	c->on_line = line;
	lines[0] = '\0';
	n_lines = n_long = 0;
	return r;
}

static void
split (void)
{
	struct stderr_capture c;
	struct redact *r = capture_begin (&c, 100);

	stderr_capture_feed (&c, "one\n\ntwo hun", 12);
	stderr_capture_feed (&c, "ter2 x\nthree", 12);
	stderr_capture_end (&c);
	TAP_EQ_STR (lines, "one||two [redacted] x|three|");
	TAP_EQ_INT (c.bytes, 24);
	stderr_capture_free (&c);
	redact_free (r);
}

static void
long_line (void)
{
	struct stderr_capture c;
	struct redact *r = capture_begin (&c, 1000);
	struct lhk_str head, tail;
	size_t i;

	for (i = 0; i < 3 * 65536; i++)
		stderr_capture_feed (&c, "0123456789abcde\xc3\xa9", 17);
	stderr_capture_feed (&c, "\nend\n", 5);
	stderr_capture_end (&c);
	TAP_EQ_INT (c.bytes, 3 * 65536 * 17 + 5);
	CU_ASSERT (n_long >= 3 * 65536 * 17 / STDERR_CAPTURE_LINE_MAX);
	TAP_EQ_INT (n_lines, n_long + 2);
	head_tail_ends (&c.ends, &head, &tail);
	TAP_EQ_INT (head.len + tail.len, 1000);
	TAP_EQ_MEM (tail.ptr + tail.len - 5, 5, "\nend\n", 5);
	stderr_capture_free (&c);
	redact_free (r);
}

/* The secret lies where two pieces meet, and where head and tail are cut. */
static void
borders (void)
{
	char text[400];
	struct lhk_str head, tail;
	struct redact *r;
	struct stderr_capture c;
	size_t at, keep;

	for (keep = 0; keep < 60; keep++)
		for (at = 0; at < 40; at++) {
			r = capture_begin (&c, keep);
			snprintf (text, sizeof text, "%.*shunter2%.*s",
				  (int) at,
				  "........................................",
				  (int) (40 - at),
				  "........................................");
			stderr_capture_feed (&c, text, 10);
			stderr_capture_feed (&c, text + 10, strlen (text) - 10);
			stderr_capture_end (&c);
			head_tail_ends (&c.ends, &head, &tail);
			CU_ASSERT (head.len + tail.len <= keep);
			CU_ASSERT (head.len < 3
				   || memmem (head.ptr, head.len, "hun", 3)
					      == NULL);
			CU_ASSERT (tail.len < 3
				   || memmem (tail.ptr, tail.len, "er2", 3)
					      == NULL);
			stderr_capture_free (&c);
			redact_free (r);
		}
}

static const struct tap_case cases[] = {
	{ "the_value_after_the_name_of_a_secret_is_replaced", names },
	{ "tokens_of_known_services_are_replaced", shapes },
	{ "a_literal_is_replaced_wherever_it_stands", literals },
	{ "the_longest_literal_wins", longest_literal },
	{ "a_literal_is_found_in_its_json_form", literal_in_json },
	{ "usual_names_of_variables_are_known_and_words_like_them_not",
	  names_of_variables },
	{ "secrets_of_config_and_input_are_replaced_at_any_depth",
	  secrets_of_json },
	{ "secrets_behind_or_beside_their_names_are_hidden",
	  secrets_beside_names },
	{ "passwords_of_urls_that_were_given_are_replaced", passwords_of_urls },
	{ "secrets_of_the_environment_are_replaced_unless_short",
	  secrets_of_environment },
	{ "a_name_of_the_caller_hides_values_as_a_whole_word",
	  names_of_the_caller },
	{ "a_long_beginning_of_a_literal_at_the_end_is_replaced", endings },
	{ "a_long_literal_is_replaced_whole", long_literal },
	{ "a_hostile_text_takes_linear_time", hostile },
	{ "any_allocation_may_fail", no_memory },
	{ "stderr_is_passed_on_in_lines", split },
	{ "a_long_line_is_passed_on_in_pieces", long_line },
	{ "a_secret_does_not_leak_where_text_is_cut", borders },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("tool_redact", cases);
}
