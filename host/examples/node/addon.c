/* SPDX-License-Identifier: MIT */
/*
 * addon.c - liblinehook for Node: one host in the loop of Node.
 *
 * A thin layer below linehook.js.  Nothing blocks: libuv watches the descriptor
 * of the host; when it was dispatched, the function given to open is called.
 *
 *	open (monitor or null, plugin directories, function) -> host
 *	start (host, words, options) -> run
 *	next (run) -> one event as JSON, null (none now) or undefined (no more)
 *	cancel (run, signal number), free (run)
 *	close (host): kills what still runs; its runs are not to be used then
 *
 * Runs keep the program alive, a host alone does not.
 */
#include <stdlib.h>

#define NAPI_VERSION 8
#include <node_api.h>
#include <uv.h>

#include <linehook/run.h>

/* A host, and its descriptor in the loop of Node. */
struct host_watch {
	uv_poll_t poll; /* first: libuv's callbacks get its address */
	struct lhk_host *host;
	napi_env env;
	napi_ref ready; /* the function to call after a dispatch */
	napi_async_context context;
	napi_async_cleanup_hook_handle hook;
	int n_runs;
};

struct session {
	struct host_watch *watch;
	struct lhk_run *run; /* NULL once it is freed */
};

static napi_value
error_set (napi_env env, int code, const char *text)
{
	napi_value error, message, number;

	napi_create_string_utf8 (env, text, NAPI_AUTO_LENGTH, &message);
	napi_create_error (env, NULL, message, &error);
	napi_create_int32 (env, code, &number);
	napi_set_named_property (env, error, "code", number);
	napi_throw (env, error);
	return NULL;
}

/* ---- values ---- */

/* Copy a string, to be freed; NULL if VALUE is not a string or there is no
 * memory. */
static char *
get_string (napi_env env, napi_value value, size_t *ret_len)
{
	size_t len;
	char *text;

	if (napi_get_value_string_utf8 (env, value, NULL, 0, &len) != napi_ok)
		return NULL;
	text = malloc (len + 1);
	if (text != NULL)
		napi_get_value_string_utf8 (env, value, text, len + 1, &len);
	if (ret_len != NULL)
		*ret_len = len;
	return text;
}

static void
free_words (char **words)
{
	size_t i;

	for (i = 0; words != NULL && words[i] != NULL; i++)
		free (words[i]);
	free (words);
}

/* Copy an array of strings, NULL-terminated; NULL if VALUE is not one. */
static char **
get_words (napi_env env, napi_value value)
{
	napi_value item;
	uint32_t i, n;
	char **words;

	if (napi_get_array_length (env, value, &n) != napi_ok)
		return NULL;
	words = calloc ((size_t) n + 1, sizeof *words);
	for (i = 0; words != NULL && i < n; i++) {
		napi_get_element (env, value, i, &item);
		words[i] = get_string (env, item, NULL);
		if (words[i] != NULL)
			continue;
		free_words (words);
		return NULL;
	}
	return words;
}

/* Get the member NAME if it is there. */
static int
get_member (napi_env env, napi_value object, const char *name, napi_value *ret)
{
	napi_valuetype type;

	return napi_get_named_property (env, object, name, ret) == napi_ok
	       && napi_typeof (env, *ret, &type) == napi_ok
	       && type != napi_undefined && type != napi_null;
}

/* ---- the host ---- */

static void
dispatch (uv_poll_t *poll, int status, int events)
{
	struct host_watch *g = (struct host_watch *) poll;
	napi_value ready, receiver;
	napi_handle_scope scope;

	(void) status, (void) events;
	if (lhk_host_dispatch (g->host, 0) < 0)
		return;
	napi_open_handle_scope (g->env, &scope);
	napi_get_reference_value (g->env, g->ready, &ready);
	napi_get_global (g->env, &receiver);
	if (napi_make_callback (g->env, g->context, receiver, ready, 0, NULL,
				NULL)
		    == napi_pending_exception
	    && napi_get_and_clear_last_exception (g->env, &ready) == napi_ok)
		napi_fatal_exception (g->env, ready);
	napi_close_handle_scope (g->env, scope);
}

static void
closed (uv_handle_t *handle)
{
	struct host_watch *g = (struct host_watch *) handle;

	napi_remove_async_cleanup_hook (g->hook);
	free (g);
}

static void
host_watch_close (struct host_watch *g)
{
	uv_poll_stop (&g->poll);
	lhk_host_free (g->host);
	napi_delete_reference (g->env, g->ready);
	napi_async_destroy (g->env, g->context);
	uv_close ((uv_handle_t *) &g->poll, closed);
}

/* The program or the worker thread ends without closing the host. */
static void
env_ends (napi_async_cleanup_hook_handle hook, void *arg)
{
	(void) hook;
	host_watch_close (arg);
}

static struct lhk_host *
new_host (napi_env env, napi_value monitor, napi_value dirs)
{
	struct lhk_host_opts opts = LHK_HOST_OPTS_INIT;
	char *path = get_string (env, monitor, NULL);
	char **words = get_words (env, dirs);
	struct lhk_host *host = NULL;
	struct lhk_error err;
	int i, r;

	opts.monitor = path;
	r = lhk_host_new (&opts, &host, &err);
	if (r < 0)
		error_set (env, r, err.text);
	for (i = 0; r == LHK_OK && words != NULL && words[i] != NULL; i++)
		r = lhk_host_add_plugin_dir (host, words[i]);
	if (r == LHK_OK)
		r = lhk_host_add_plugin_dir (host, lhk_plugin_dir ());
	if (r < 0 && host != NULL) {
		error_set (env, r, "a plugin directory has no name");
		lhk_host_free (host);
		host = NULL;
	}
	free_words (words);
	free (path);
	return host;
}

static napi_value
host_open (napi_env env, napi_callback_info info)
{
	napi_value args[3], ret, name;
	struct host_watch *g;
	uv_loop_t *loop;
	size_t n = 3;

	napi_get_cb_info (env, info, &n, args, NULL, NULL);
	napi_get_uv_event_loop (env, &loop);
	g = calloc (1, sizeof *g);
	if (g == NULL)
		return error_set (env, LHK_ENOMEM, "no memory for a host");
	g->host = new_host (env, args[0], args[1]);
	if (g->host == NULL) {
		free (g);
		return NULL;
	}
	if (lhk_host_fd (g->host) < 0
	    || uv_poll_init (loop, &g->poll, lhk_host_fd (g->host)) != 0) {
		lhk_host_free (g->host);
		free (g);
		return error_set (env, LHK_ESYS, "no descriptor for the host");
	}
	g->env = env;
	napi_create_reference (env, args[2], 1, &g->ready);
	napi_create_string_utf8 (env, "linehook", NAPI_AUTO_LENGTH, &name);
	napi_async_init (env, NULL, name, &g->context);
	napi_add_async_cleanup_hook (env, env_ends, g, &g->hook);
	uv_poll_start (&g->poll, UV_READABLE, dispatch);
	uv_unref ((uv_handle_t *) &g->poll);
	napi_create_external (env, g, NULL, NULL, &ret);
	return ret;
}

static napi_value
host_close (napi_env env, napi_callback_info info)
{
	napi_value host;
	void *watch;
	size_t n = 1;

	napi_get_cb_info (env, info, &n, &host, NULL, NULL);
	napi_get_value_external (env, host, &watch);
	host_watch_close (watch);
	return NULL;
}

/* ---- runs ---- */

static void
free_session (napi_env env, void *session, void *hint)
{
	(void) env, (void) hint;
	free (session);
}

static uint32_t
get_ms (napi_env env, napi_value options, const char *name, uint32_t unset)
{
	napi_value value;

	if (get_member (env, options, name, &value))
		napi_get_value_uint32 (env, value, &unset);
	return unset;
}

static void
take_options (napi_env env, napi_value from, struct lhk_run_opts *o)
{
	napi_value value;

	if (get_member (env, from, "cwd", &value))
		o->cwd = get_string (env, value, NULL);
	if (get_member (env, from, "env", &value))
		o->envp = (const char *const *) get_words (env, value);
	if (get_member (env, from, "input", &value)) {
		o->input.ptr = get_string (env, value, &o->input.len);
		o->stdin_mode = LHK_STDIN_BYTES;
	}
	o->total_ms = get_ms (env, from, "timeoutMs", o->total_ms);
	o->idle_ms = get_ms (env, from, "idleTimeoutMs", o->idle_ms);
	o->linger_ms = get_ms (env, from, "lingerMs", o->linger_ms);
	o->grace_ms = get_ms (env, from, "graceMs", o->grace_ms);
}

/* lhk_run_start has copied everything. */
static void
free_options (struct lhk_run_opts *o)
{
	free_words ((char **) (uintptr_t) o->argv);
	free_words ((char **) (uintptr_t) o->envp);
	free ((void *) (uintptr_t) o->cwd);
	free ((void *) (uintptr_t) o->input.ptr);
}

static int
start_run (napi_env env, struct host_watch *g, napi_value options,
	   struct lhk_run_opts *o, struct lhk_run **ret, struct lhk_error *err)
{
	napi_value value;
	int r = LHK_OK;

	if (get_member (env, options, "plugin", &value)) {
		char *name = get_string (env, value, NULL);

		r = lhk_host_plugin (g->host, name, &o->plugin, err);
		free (name);
	}
	return r < 0 ? r : lhk_run_start (g->host, o, ret, err);
}

static napi_value
run_start (napi_env env, napi_callback_info info)
{
	struct lhk_run_opts o = LHK_RUN_OPTS_INIT;
	struct session *session = calloc (1, sizeof *session);
	struct lhk_error err;
	napi_value args[3], ret;
	size_t n = 3;
	int r;

	if (session == NULL)
		return error_set (env, LHK_ENOMEM, "no memory for a run");
	napi_get_cb_info (env, info, &n, args, NULL, NULL);
	napi_get_value_external (env, args[0], (void **) &session->watch);
	o.argv = (const char *const *) get_words (env, args[1]);
	take_options (env, args[2], &o);
	r = start_run (env, session->watch, args[2], &o, &session->run, &err);
	free_options (&o);
	if (r < 0) {
		free (session);
		return error_set (env, r, err.text);
	}
	if (session->watch->n_runs++ == 0)
		uv_ref ((uv_handle_t *) &session->watch->poll);
	napi_create_external (env, session, free_session, NULL, &ret);
	return ret;
}

static struct session *
get_session (napi_env env, napi_callback_info info, napi_value args[2])
{
	size_t n = 2;
	void *session;

	napi_get_cb_info (env, info, &n, args, NULL, NULL);
	napi_get_value_external (env, args[0], &session);
	return session;
}

static napi_value
run_next (napi_env env, napi_callback_info info)
{
	napi_value args[2], ret;
	struct lhk_str line;
	int r = lhk_run_next_json (get_session (env, info, args)->run, &line);

	if (r == LHK_OK)
		napi_create_string_utf8 (env, line.ptr, line.len, &ret);
	else if (r == LHK_AGAIN)
		napi_get_null (env, &ret);
	else if (r == LHK_END)
		napi_get_undefined (env, &ret);
	else
		ret = error_set (env, r, lhk_strerror (r));
	return ret;
}

static napi_value
run_cancel (napi_env env, napi_callback_info info)
{
	napi_value args[2];
	struct session *session = get_session (env, info, args);
	int32_t signo = 0;

	napi_get_value_int32 (env, args[1], &signo);
	lhk_run_cancel (session->run, signo);
	return NULL;
}

static napi_value
run_free (napi_env env, napi_callback_info info)
{
	napi_value args[2];
	struct session *session = get_session (env, info, args);

	lhk_run_free (session->run);
	session->run = NULL;
	if (--session->watch->n_runs == 0)
		uv_unref ((uv_handle_t *) &session->watch->poll);
	return NULL;
}

NAPI_MODULE_INIT ()
{
	static const napi_property_descriptor functions[] = {
		{ "open", NULL, host_open, NULL, NULL, NULL, 0, NULL },
		{ "close", NULL, host_close, NULL, NULL, NULL, 0, NULL },
		{ "start", NULL, run_start, NULL, NULL, NULL, 0, NULL },
		{ "next", NULL, run_next, NULL, NULL, NULL, 0, NULL },
		{ "cancel", NULL, run_cancel, NULL, NULL, NULL, 0, NULL },
		{ "free", NULL, run_free, NULL, NULL, NULL, 0, NULL },
	};

	napi_define_properties (env, exports,
				sizeof functions / sizeof functions[0],
				functions);
	return exports;
}
