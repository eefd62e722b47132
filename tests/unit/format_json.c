/* SPDX-License-Identifier: MIT */
/* format_json.c - one golden line for each kind, in full and empty. */
#include "config.h"

#include "unit/format_json_fixture.h"

static void
kind_run (void)
{
	static const struct lhk_text argv[] = {
		TEXT ("claude"),
		PLAIN ("-p"),
		PLAIN ("say \"hi\"\n\xff"),
	};
	struct lhk_ev_run e = {
		.ev = LHK_EV (struct lhk_ev_run, LHK_EV_RUN),
		.v = 1,
		.plugin = TEXT ("raw"),
		.provider = TEXT ("raw"),
	};

	line_is (&meta_1, &e.ev, 0,
		 "{\"seq\":1,\"kind\":\"run\",\"v\":1,"
		 "\"plugin\":\"raw\",\"provider\":\"raw\"}\n");
	e.id = (struct lhk_text) TEXT ("r-1");
	e.started = (struct lhk_text) TEXT ("2026-01-02T03:04:05Z");
	e.argv = argv;
	e.n_argv = ARRAY_SIZE (argv);
	e.cwd = (struct lhk_text) PLAIN ("/srv/\x01");
	line_is (&meta_1, &e.ev, 0,
		 "{\"seq\":1,\"kind\":\"run\",\"v\":1,"
		 "\"run\":\"r-1\",\"plugin\":\"raw\",\"provider\":\"raw\","
		 "\"started\":\"2026-01-02T03:04:05Z\",\"argv\":[\"claude\","
		 "\"-p\",\"say \\\"hi\\\"\\n\xef\xbf\xbd\"],"
		 "\"cwd\":\"/srv/\\u0001\"}\n");
}

static void
kind_session (void)
{
	static const struct lhk_text tools[] = { TEXT ("Bash"), TEXT ("Read") };
	struct lhk_ev_session e = {
		.ev = LHK_EV (struct lhk_ev_session, LHK_EV_SESSION),
		.id = TEXT ("96a7"),
	};

	line_is (&meta_1, &e.ev, 0,
		 "{\"seq\":1,\"kind\":\"session\","
		 "\"id\":\"96a7\"}\n");
	e.provider = (struct lhk_text) TEXT ("claude");
	e.model = (struct lhk_text) TEXT ("m");
	e.cwd = (struct lhk_text) TEXT ("/home");
	e.agent_version = (struct lhk_text) TEXT ("2.1");
	e.tools = tools;
	e.n_tools = 2;
	e.resumed = 1;
	line_is (&meta_1, &e.ev, 0,
		 "{\"seq\":1,\"kind\":\"session\","
		 "\"provider\":\"claude\",\"id\":\"96a7\",\"model\":\"m\","
		 "\"cwd\":\"/home\",\"agent_version\":\"2.1\","
		 "\"tools\":[\"Bash\",\"Read\"],\"resumed\":true}\n");
	e.n_tools = 0;
	e.resumed = -1;
	e.cwd.ptr = e.agent_version.ptr = e.model.ptr = NULL;
	line_is (&meta_1, &e.ev, 0,
		 "{\"seq\":1,\"kind\":\"session\","
		 "\"provider\":\"claude\",\"id\":\"96a7\","
		 "\"resumed\":false}\n");
}

static void
kind_text (void)
{
	static const struct {
		int role;
		const char *word;
	} roles[] = {
		{ LHK_ROLE_ASSISTANT, ",\"role\":\"assistant\"" },
		{ LHK_ROLE_USER, ",\"role\":\"user\"" },
		{ LHK_ROLE_THOUGHT, ",\"role\":\"thought\"" },
		{ LHK_ROLE_SYSTEM, ",\"role\":\"system\"" },
		{ 0, "" },
	};
	struct lhk_ev_text e = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.id = TEXT ("msg_1"),
		.text = TEXT ("Hello"),
		.delta = 1,
	};
	char wanted[256];
	size_t i;

	for (i = 0; i < ARRAY_SIZE (roles); i++) {
		e.role = roles[i].role;
		wanted[0] = '\0';
		strncat (wanted, "{\"seq\":1,\"kind\":\"text\"", 40);
		strncat (wanted, roles[i].word, 40);
		strncat (wanted,
			 ",\"id\":\"msg_1\",\"text\":\"Hello\","
			 "\"delta\":true}\n",
			 80);
		line_is (&meta_1, &e.ev, 0, wanted);
	}
	e.id.ptr = e.text.ptr = NULL;
	e.text.len = 0;
	e.delta = 0;
	e.flags = LHK_TEXT_SYNTHETIC;
	line_is (&meta_1, &e.ev, 0,
		 "{\"seq\":1,\"kind\":\"text\","
		 "\"text\":\"\",\"delta\":false,\"synthetic\":true}\n");
}

static void
kind_tool (void)
{
	static const struct lhk_text paths[] = { TEXT ("a.c"), TEXT ("b.c") };
	struct lhk_ev_tool e = {
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
		.id = TEXT ("toolu_1"),
		.name = TEXT ("Bash"),
		.type = LHK_TYPE_EXECUTE,
		.status = LHK_TOOL_FAILED,
		.brief = TEXT ("make"),
		.input = STR ("{\"command\":\n1e400}"),
		.output = RAW ("err\\u006fr\\n"),
		.flags = LHK_TOOL_HAS_EXIT | LHK_TOOL_TRUNCATED,
		.exit_code = -2,
		.paths = paths,
		.n_paths = 2,
		.server = TEXT ("srv"),
	};

	line_is (&meta_1, &e.ev, 0,
		 "{\"seq\":1,\"kind\":\"tool\","
		 "\"id\":\"toolu_1\",\"name\":\"Bash\",\"type\":\"execute\","
		 "\"status\":\"failed\",\"brief\":\"make\","
		 "\"input\":{\"command\": 1e400},\"output\":\"error\\n\","
		 "\"truncated\":true,\"exit_code\":-2,"
		 "\"paths\":[\"a.c\",\"b.c\"],\"server\":\"srv\"}\n");
	e.output = (struct lhk_text) TEXT ("[1,{}]");
	e.flags = LHK_TOOL_OUTPUT_JSON;
	e.name.ptr = e.brief.ptr = e.server.ptr = NULL;
	e.input.ptr = NULL;
	e.n_paths = 0;
	e.type = 0;
	line_is (&meta_1, &e.ev, 0,
		 "{\"seq\":1,\"kind\":\"tool\","
		 "\"id\":\"toolu_1\",\"status\":\"failed\","
		 "\"output\":[1,{}]}\n");
}

static void
tool_words (void)
{
	static const char *const types[] = {
		"other",  "read",    "edit",  "delete", "move",
		"search", "execute", "think", "fetch",
	};
	static const char *const states[] = {
		NULL,	  "pending",  "in_progress", "completed",
		"failed", "canceled", "denied",
	};
	struct lhk_ev_tool e = {
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
		.name = TEXT ("n"),
	};
	char wanted[256];
	int i;

	for (i = 0; i < 9; i++) {
		e.type = i;
		e.status = i % 6 + 1;
		wanted[0] = '\0';
		strncat (wanted,
			 "{\"seq\":1,\"kind\":\"tool\",\"name\":\"n\","
			 "\"type\":\"",
			 80);
		strncat (wanted, types[i], 20);
		strncat (wanted, "\",\"status\":\"", 20);
		strncat (wanted, states[e.status], 20);
		strncat (wanted, "\"}\n", 5);
		line_is (&meta_1, &e.ev, 0, wanted);
	}
}

static void
kinds_plan_and_ask (void)
{
	static const struct lhk_plan_entry entries[] = {
		{ TEXT ("one"), LHK_PLAN_DONE, 0 },
		{ TEXT ("two"), LHK_PLAN_RUNNING, 0 },
		{ TEXT ("three"), LHK_PLAN_PENDING, 0 },
		{ TEXT ("four"), 0, 0 },
	};
	static const struct lhk_text options[] = { TEXT ("yes"), TEXT ("no") };
	struct lhk_ev_plan plan = {
		.ev = LHK_EV (struct lhk_ev_plan, LHK_EV_PLAN),
		.entries = entries,
	};
	struct lhk_ev_ask ask = {
		.ev = LHK_EV (struct lhk_ev_ask, LHK_EV_ASK),
		.id = TEXT ("q1"),
		.text = TEXT ("May I?"),
	};

	line_is (&meta_1, &plan.ev, 0,
		 "{\"seq\":1,\"kind\":\"plan\",\"entries\":[]}\n");
	plan.n_entries = ARRAY_SIZE (entries);
	line_is (&meta_1, &plan.ev, 0,
		 "{\"seq\":1,\"kind\":\"plan\",\"entries\":["
		 "{\"text\":\"one\",\"status\":\"completed\"},"
		 "{\"text\":\"two\",\"status\":\"in_progress\"},"
		 "{\"text\":\"three\",\"status\":\"pending\"},"
		 "{\"text\":\"four\"}]}\n");
	line_is (&meta_1, &ask.ev, 0,
		 "{\"seq\":1,\"kind\":\"ask\",\"id\":\"q1\","
		 "\"text\":\"May I?\",\"options\":[]}\n");
	ask.tool = (struct lhk_text) TEXT ("t1");
	ask.options = options;
	ask.n_options = 2;
	ask.outcome = (struct lhk_text) TEXT ("no");
	line_is (&meta_1, &ask.ev, 0,
		 "{\"seq\":1,\"kind\":\"ask\",\"id\":\"q1\",\"tool\":\"t1\","
		 "\"text\":\"May I?\",\"options\":[\"yes\",\"no\"],"
		 "\"outcome\":\"no\"}\n");
}

static void
kind_usage (void)
{
	struct lhk_ev_usage e = {
		.ev = LHK_EV (struct lhk_ev_usage, LHK_EV_USAGE),
		.scope = LHK_SCOPE_TURN,
		.has = 255,
		.id = TEXT ("u1"),
		.model = TEXT ("m"),
		.input = 1,
		.output = 2,
		.cache_read = 3,
		.cache_write = 4,
		.reasoning = 5,
		.context_used = 6,
		.context_size = 7,
		.cost_nano_usd = 10700000,
		.cost_source = TEXT ("reported"),
	};

	line_is (&meta_1, &e.ev, 0,
		 "{\"seq\":1,\"kind\":\"usage\","
		 "\"scope\":\"turn\",\"id\":\"u1\",\"model\":\"m\","
		 "\"input_tokens\":1,\"output_tokens\":2,"
		 "\"cache_read_input_tokens\":3,"
		 "\"cache_creation_input_tokens\":4,"
		 "\"reasoning_output_tokens\":5,\"context_used\":6,"
		 "\"context_size\":7,\"cost_usd\":0.0107,"
		 "\"cost_source\":\"reported\"}\n");
	e.has = LHK_USAGE_OUTPUT;
	e.output = 0;
	e.scope = 0;
	e.id.ptr = e.model.ptr = e.cost_source.ptr = NULL;
	line_is (&meta_1, &e.ev, 0,
		 "{\"seq\":1,\"kind\":\"usage\","
		 "\"output_tokens\":0}\n");
}

static void
kind_notice (void)
{
	static const struct {
		int level;
		const char *wanted;
	} levels[] = {
		{ LHK_LOG_ERROR,
		  "{\"seq\":1,\"kind\":\"notice\","
		  "\"level\":\"error\",\"code\":\"host\",\"text\":\"t\"}\n" },
		{ LHK_LOG_WARN,
		  "{\"seq\":1,\"kind\":\"notice\","
		  "\"level\":\"warn\",\"code\":\"host\",\"text\":\"t\"}\n" },
		{ LHK_LOG_INFO,
		  "{\"seq\":1,\"kind\":\"notice\","
		  "\"level\":\"info\",\"code\":\"host\",\"text\":\"t\"}\n" },
		{ LHK_LOG_DEBUG,
		  "{\"seq\":1,\"kind\":\"notice\","
		  "\"level\":\"debug\",\"code\":\"host\",\"text\":\"t\"}\n" },
	};
	struct lhk_ev_notice e = {
		.ev = LHK_EV (struct lhk_ev_notice, LHK_EV_NOTICE),
		.code = TEXT ("host"),
		.text = TEXT ("t"),
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE (levels); i++) {
		e.level = levels[i].level;
		line_is (&meta_1, &e.ev, 0, levels[i].wanted);
	}
	e.data = (struct lhk_str) STR ("{\"bytes\":36700160}");
	line_is (&meta_1, &e.ev, 0,
		 "{\"seq\":1,\"kind\":\"notice\","
		 "\"level\":\"debug\",\"code\":\"host\",\"text\":\"t\","
		 "\"data\":{\"bytes\":36700160}}\n");
}

static void
kind_result (void)
{
	struct lhk_ev_result e = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.verdict = LHK_VERDICT_REFUSED,
		.terminal = 1,
		.stop_reason = TEXT ("refusal"),
		.text = TEXT (""),
		.error = TEXT ("no"),
	};

	line_is (&meta_1, &e.ev, 0,
		 "{\"seq\":1,\"kind\":\"result\","
		 "\"final\":false,\"verdict\":\"refused\","
		 "\"stop_reason\":\"refusal\",\"text\":\"\","
		 "\"error\":\"no\"}\n");
	e.verdict = 0;
	e.stop_reason.ptr = e.text.ptr = e.error.ptr = NULL;
	line_is (&meta_1, &e.ev, 0,
		 "{\"seq\":1,\"kind\":\"result\",\"final\":false}\n");
}

static const struct tap_case cases[] = {
	{ "format_json_kind_run_is_the_header", kind_run },
	{ "format_json_session_has_its_members_in_order", kind_session },
	{ "format_json_kind_text_always_says_whether_it_is_a_delta",
	  kind_text },
	{ "format_json_kind_tool_embeds_its_input_and_json_output", kind_tool },
	{ "format_json_words_of_tool_types_and_states", tool_words },
	{ "format_json_kinds_plan_and_ask", kinds_plan_and_ask },
	{ "format_json_kind_usage_has_only_what_was_given", kind_usage },
	{ "format_json_kind_notice_in_every_level", kind_notice },
	{ "format_json_kind_result_of_a_claim", kind_result },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("format_json", cases);
}
