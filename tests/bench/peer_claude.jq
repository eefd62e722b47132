# SPDX-License-Identifier: MIT
# peer_claude.jq - the same filter in jq: jq -n -c -f peer_claude.jq < STREAM

def types: {Bash: "execute", Edit: "edit", Read: "read", Write: "edit"};

def text_id($state; $block):
  if $state.id then {id: "\($state.id):\($block)"} else {} end;

def text($state; $role; $block; $text; $delta):
  {kind: "text", role: $role} + text_id($state; $block)
    + {text: $text, delta: $delta};

def call_usage($state):
  if $state.grown then
    $state.used
    | {kind: "usage", scope: "call", id: $state.id, model: $state.model,
        input_tokens: (.[0] + .[2] + .[3]), output_tokens: .[1],
        cache_read_input_tokens: .[2], cache_creation_input_tokens: .[3]}
  else empty end;

def block($state):
  if .type == "tool_use" then
    {kind: "tool", id, name, type: (types[.name] // "other"),
        status: "in_progress"}
      + (.input | (.file_path // .command) as $brief
          | {brief: $brief, input: .}
            + (if .file_path then {paths: [.file_path]} else {} end))
  elif .type == "text" then
    text($state; "assistant"; $state.block; .text; false)
  elif .type == "thinking" then
    text($state; "thought"; $state.block; .thinking; false)
  else empty end;

def stream($state):
  if .type == "content_block_delta" then
    .index as $index
    | .delta
    | if .type == "text_delta" then
        text($state; "assistant"; $index; .text; true)
      elif .type == "thinking_delta" then
        text($state; "thought"; $index; .thinking; true)
      else empty end
  else call_usage($state) end;

def turn_usage:
  .uuid as $id
  | .model_usage_since_last_result | to_entries[] | .key as $model | .value
  | {kind: "usage", scope: "turn", id: $id, model: $model,
      input_tokens: (.inputTokens + .cacheReadInputTokens
        + .cacheCreationInputTokens),
      output_tokens: .outputTokens,
      cache_read_input_tokens: .cacheReadInputTokens,
      cache_creation_input_tokens: .cacheCreationInputTokens,
      cost_usd: .costUSD, cost_source: "reported"};

# the events of a line, without their common members
def events($state):
  if .type == "stream_event" then .event | stream($state)
  elif .type == "assistant" then
    (.message.content[] | block($state)), call_usage($state)
  elif .type == "user" then
    .message.content[] | select(.type == "tool_result")
    | $state.names[.tool_use_id] as $name
    | {kind: "tool", id: .tool_use_id, name: $name,
        type: (types[$name] // "other"),
        status: (if .is_error then "failed" else "completed" end),
        output: .content}
  elif .type == "system" and .subtype == "init" then
    {kind: "session", provider: "claude", id: .session_id, model, cwd,
      agent_version: .claude_code_version, tools}
  elif .type == "result" then
    turn_usage,
    {kind: "result", final: false,
      verdict: (if .is_error then "failed" else "ok" end),
      stop_reason, text: .result}
  else empty end;

def begin($message):
  .id = $message.id | .model = $message.model | .block = 0 | .used = null;

# usage is printed once for each message, and again when a number has grown
def grow($u):
  .used as $old
  | .used = [($old // [0, 0, 0, 0]), [$u.input_tokens, $u.output_tokens,
      $u.cache_read_input_tokens, $u.cache_creation_input_tokens]]
  | .used |= (transpose | map(max))
  | .grown = (.used != $old);

def learn($line):
  .grown = false
  | if $line.type == "stream_event" then
      $line.event as $e
      | if $e.type == "message_start" then
          begin($e.message) | grow($e.message.usage)
        elif $e.type == "message_delta" then grow($e.usage)
        elif $e.type == "content_block_start" then .block = $e.index
        else . end
    elif $line.type == "assistant" then
      (if .id != $line.message.id then begin($line.message) else . end)
      | reduce ($line.message.content[] | select(.type == "tool_use")) as $b
          (.; .names = {($b.id): $b.name})
      | grow($line.message.usage)
    else . end;

foreach inputs as $line ({seq: 1, turn: 1, names: {}, out: []};
  (if .claimed then .turn += 1 | .claimed = false else . end)
  | learn($line)
  | . as $state
  | .out = [$line | events($state)]
  | .first = .seq + 1 | .seq += (.out | length)
  | .claimed = ($line.type == "result");
  . as $s | range(.out | length)
  | {seq: ($s.first + .), kind: $s.out[.].kind}
    + (if $s.turn > 1 then {turn: $s.turn} else {} end) + $s.out[.])
