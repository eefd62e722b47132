/* SPDX-License-Identifier: MIT */
/* command_match.c - which programs a command runs is told from its words. */
#include "config.h"

#include <string.h>

#include "plugin/command_match.h"
#include "lib/tap.h"

#define MAX_WORDS 24

struct row {
	const char *command; /* words between single spaces */
	const char *names;   /* expected, between single spaces */
};

static const struct row plain[] = {
	{ "claude -p hi", "claude" },
	{ "/usr/local/bin/claude -p", "claude" },
	{ "./gemini.js -p x", "gemini" },
	{ "codex", "codex" },
	{ "", "" },
};

static const struct row prefixes[] = {
	{ "env claude", "claude" },
	{ "/usr/bin/env claude", "claude" },
	{ "env -i A=1 B=2 claude -p", "claude" },
	{ "env -u HOME --unset PATH -C /tmp A= codex", "codex" },
	{ "env --unset=HOME -- claude", "claude" },
	{ "nice claude", "claude" },
	{ "nice -n 5 claude", "claude" },
	{ "nice -10 claude", "claude" },
	{ "nice --adjustment=5 claude", "claude" },
	{ "nohup claude -p", "claude" },
	{ "setsid -w claude", "claude" },
	{ "timeout 5m claude -p", "claude" },
	{ "timeout -k 5 -s KILL 1h claude", "claude" },
	{ "timeout --signal KILL 1h claude", "claude" },
	{ "stdbuf -oL claude", "claude" },
	{ "stdbuf -o L --error 0 claude", "claude" },
	{ "sudo -u agent -E X=1 claude", "claude" },
	{ "time -p claude", "claude" },
	{ "ionice -c 3 claude", "claude" },
	{ "env A=1 timeout 5 nice -n 3 stdbuf -oL codex exec", "codex" },
	{ "env", "" },
	{ "timeout 5", "" },
	{ "nice -n", "" },
};

static const struct row launched[] = {
	{ "flock /tmp/l claude -p", "claude" },
	{ "flock -nE 5 -w 3 /tmp/l claude", "claude" },
	{ "flock /tmp/l -c claude", "" },
	{ "taskset -c 0-3 claude", "claude" },
	{ "taskset 0x3 codex exec", "codex" },
	{ "chrt -b 0 claude", "claude" },
	{ "chrt -d --sched-runtime 5 0 claude", "claude" },
	{ "sudo -nu agent claude", "claude" },
	{ "doas -u agent claude", "claude" },
	{ "runuser -u agent -- claude -p", "claude" },
	{ "runuser agent -c claude", "" },
	{ "gosu agent claude", "claude" },
	{ "su-exec agent:agent codex", "codex" },
	{ "s6-setuidgid agent claude", "claude" },
	{ "chpst -u agent -e /env claude", "claude" },
	{ "setpriv --reuid 5 --regid=5 --clear-groups claude", "claude" },
	{ "tini -- claude", "claude" },
	{ "/sbin/tini -s -p SIGTERM -- claude", "claude" },
	{ "dumb-init -r 15:2 claude", "claude" },
	{ "catatonit -g -- gemini", "gemini" },
	{ "my_init --quiet claude", "" },
	{ "my_init --quiet -- claude", "claude" },
	{ "bwrap --ro-bind / / --dev /dev --setenv A b -- claude", "claude" },
	{ "bwrap --unshare-all --chdir /w claude -p", "claude" },
	{ "firejail --net=none --quiet claude", "claude" },
	{ "systemd-run --user --scope -p MemoryMax=1G claude", "claude" },
	{ "systemd-run -qt --unit agent claude", "claude" },
	{ "xvfb-run -a -s -screen claude", "claude" },
	{ "strace -f -o /tmp/t claude", "claude" },
	{ "uv run claude", "claude" },
	{ "uv run -p 3.12 --with requests claude -p", "claude" },
	{ "uvx --from pkg claude", "claude" },
	{ "mise exec -- claude -p", "claude" },
	{ "mise x node@22 -- claude -p", "claude" },
	{ "mise run agent", "mise" },
	{ "nix develop . -c claude", "claude" },
	{ "nix shell nixpkgs#x --command codex", "codex" },
	{ "direnv exec . claude", "claude" },
	{ "poetry run claude", "claude" },
	{ "conda run -n base claude", "claude" },
	{ "op run --env-file .env -- claude", "claude" },
	{ "busybox timeout 5 claude", "claude" },
	{ "corepack pnpm dlx opencode-ai", "opencode-ai" },
	{ "flock /l nice -n 5 tini -- npx -y @openai/codex",
	  "@openai/codex codex" },
	{ "sh -c claude", "sh" },
	{ "make claude", "make" },
	{ "ssh host claude", "ssh" },
	{ "docker run --name claude img codex", "docker" },
	{ "bwrap --bind /", "" },
};

static const struct row scripts[] = {
	{ "node /usr/local/bin/gemini -p", "gemini" },
	{ "node --max-old-space-size=4096 /opt/gemini.js", "gemini" },
	{ "node -r ./hook.js --import x.mjs cli.mjs", "cli" },
	{ "nodejs bundle/gemini.cjs", "gemini" },
	{ "node /x/node_modules/@google/gemini-cli/dist/index.js",
	  "index @google/gemini-cli gemini-cli" },
	{ "node node_modules/opencode-ai/bin/opencode",
	  "opencode opencode-ai" },
	{ "node /a/node_modules/b/node_modules/@c/d/e.js", "e @c/d d" },
	{ "node node_modules/.bin/gemini", "gemini" },
	{ "bun /x/claude.js", "claude" },
	{ "bun run claude", "claude" },
	{ "deno run -A claude.js", "claude" },
	{ "node", "" },
	{ "node -r", "" },
};

static const struct row packages[] = {
	{ "npx @google/gemini-cli -p hi", "@google/gemini-cli gemini-cli" },
	{ "npx -y @google/gemini-cli@latest", "@google/gemini-cli gemini-cli" },
	{ "npx --yes opencode-ai@1.2.3 run", "opencode-ai" },
	{ "npx -p @openai/codex codex exec", "@openai/codex codex codex" },
	{ "npx --package=@openai/codex@0.5 -- codex",
	  "@openai/codex codex codex" },
	{ "npx --package @openai/codex codex", "@openai/codex codex codex" },
	{ "bunx @anthropic-ai/claude-code", "@anthropic-ai/claude-code "
					    "claude-code" },
	{ "bun x codex", "codex" },
	{ "pnpm dlx opencode-ai", "opencode-ai" },
	{ "pnpx opencode-ai", "opencode-ai" },
	{ "npx @earendil-works/pi-coding-agent --mode json",
	  "@earendil-works/pi-coding-agent pi-coding-agent" },
	{ "yarn dlx -p @openai/codex codex", "@openai/codex codex codex" },
	{ "npm exec -- @openai/codex", "@openai/codex codex" },
	{ "npm x codex", "codex" },
	{ "pnpm install codex", "install" },
	{ "pnpm gemini -p hi", "gemini" },
	{ "pnpm -C web --filter app codex exec", "codex" },
	{ "yarn gemini -p hi", "gemini" },
	{ "yarn --cwd web opencode run", "opencode" },
	{ "yarn run codex exec", "codex" },
	{ "pnpm run codex exec", "codex" },
	{ "timeout 5 npx -y codex@2", "codex" },
	{ "npx", "" },
};

static size_t
split (char *text, const char **words)
{
	size_t n = 0;
	char *p;

	for (p = strtok (text, " "); p != NULL; p = strtok (NULL, " "))
		words[n++] = p;
	words[n] = NULL;
	return n;
}

static void
compare (const struct row *rows, size_t n)
{
	const char *words[MAX_WORDS];
	struct command_programs found;
	char command[160], names[160];
	size_t i, k;

	for (i = 0; i < n; i++) {
		names[0] = '\0';
		strcpy (command, rows[i].command);
		split (command, words);
		command_match_programs (words, &found);
		for (k = 0; k < found.n; k++) {
			if (k > 0)
				strcat (names, " ");
			strncat (names, found.names[k].ptr, found.names[k].len);
		}
		if (strcmp (names, rows[i].names) != 0)
			tap_note ("%s", rows[i].command);
		TAP_EQ_STR (names, rows[i].names);
	}
}

#define COMPARE(rows) compare ((rows), sizeof (rows) / sizeof (rows)[0])

static void
plain_commands (void)
{
	COMPARE (plain);
}

static void
prefixed (void)
{
	COMPARE (prefixes);
}

static void
behind_launchers (void)
{
	COMPARE (launched);
}

static void
interpreted (void)
{
	COMPARE (scripts);
}

static void
packaged (void)
{
	COMPARE (packages);
}

static void
many_packages (void)
{
	const char *words[64];
	struct command_programs found;
	size_t i;

	words[0] = "npx";
	for (i = 1; i < 61; i += 2) {
		words[i] = "-p";
		words[i + 1] = "@a/b";
	}
	words[61] = "codex";
	words[62] = NULL;
	command_match_programs (words, &found);
	TAP_EQ_INT (found.n, COMMAND_PROGRAMS_MAX);
}

static void
matching (void)
{
	static const char *const list[] = { "claude", "@a/claude-code", NULL };
	static const char *const none[] = { NULL };
	const struct command_programs yes = {
		{ LHK_STR_INIT ("x"), LHK_STR_INIT ("@a/claude-code") }, 2
	};
	const struct command_programs no = { { LHK_STR_INIT ("claud") }, 1 };

	CU_ASSERT (command_match (&yes, list));
	CU_ASSERT (!command_match (&no, list));
	CU_ASSERT (!command_match (&yes, none));
	CU_ASSERT (!command_match (&yes, NULL));
}

static const struct tap_case cases[] = {
	{ "programs_are_base_names_of_the_command", plain_commands },
	{ "programs_are_found_behind_prefix_commands", prefixed },
	{ "programs_are_found_behind_launchers_whose_options_are_known",
	  behind_launchers },
	{ "programs_of_scripts_are_their_names_and_packages", interpreted },
	{ "programs_of_package_runners_are_package_names", packaged },
	{ "programs_are_at_most_eight", many_packages },
	{ "programs_match_whole_names_alone", matching },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("command_match", cases);
}
