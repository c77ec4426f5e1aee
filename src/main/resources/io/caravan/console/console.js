// The console. What clients and upstreams wrote is shown as text only: lit-html escapes each value.
import { html, svg, render, nothing } from './lit-html.js';
import uPlot from './uplot.js';

let state = JSON.parse(document.getElementById('state').textContent);
const PAGES = ['now', 'requests', 'sessions', 'usage', 'models', 'settings', 'connect'];
const TITLES = {
  now: 'Now', requests: 'Requests', sessions: 'Sessions', usage: 'Tokens and money', models: 'Models and providers',
  settings: 'Settings', connect: 'Connect',
};
const filters = { text: '', outcome: '', client: '' };
let live = 'connecting';
let plots = [];

const number = (n) => (n === null || n === undefined ? '–' : Math.round(n).toLocaleString('en'));
const ms = (n) => (n === null || n === undefined ? '–' : n < 10 ? `${n.toFixed(1)} ms` : n < 10000 ? `${Math.round(n)} ms` : `${(n / 1000).toFixed(1)} s`);
const money = (n) => (n === null || n === undefined ? '–' : n === 0 ? '$0' : n < 0.01 ? `$${n.toFixed(5)}` : `$${n.toFixed(2)}`);
const time = (at) => new Date(at).toLocaleTimeString();
const short = (text) => (text ? (text.length > 12 ? `${text.slice(0, 8)}…` : text) : '–');
const input = (r) => (r.input_tokens ?? 0) + (r.cached_tokens ?? 0);
const rate = (r) => {
  const seconds = (r.total_ms - (r.first_token_ms ?? 0)) / 1000;
  return r.output_tokens && r.first_token_ms && seconds > 0.05 ? r.output_tokens / seconds : null;
};
// The reasons of requests and calls in plain words; what was lost has its names in it.
const WORDS = {
  answer_too_long: 'The prompt leaves no room in the window for an answer of that length.',
  prompt_too_long: 'The prompt is longer than the window of the model.',
  max_tokens: 'The model writes no answer of that many tokens.',
  image: 'The upstream could not read an image.',
  bad_request: 'The upstream refused the request as it is.',
  request_too_large: 'The request has too many bytes for the upstream.',
  key_refused: "The upstream refused the gateway's own key.",
  out_of_credit: "The account at the upstream has no credit left.",
  no_such_model: 'The upstream has no such model, or no longer.',
  misconfigured: 'The URL of the provider is wrong.',
  base_url: 'The base URL of the provider can’t be right.',
  rate_limited: 'The upstream takes no more calls for the moment.',
  overloaded: 'The upstream is overloaded.',
  bad_generation: 'The model wrote what its server could not read.',
  server_fault: 'The upstream failed.',
  timed_out: 'The upstream took too long.',
  connect: 'Nothing answers at the address of the upstream.',
  dns: 'The host of the upstream has no address.',
  tls: 'The certificate of the upstream is not trusted, or it speaks no common protocol.',
  pool: 'All connections to the upstream are in use.',
  first_byte_timeout: 'The upstream sent nothing in time.',
  idle_timeout: 'The upstream stopped sending in the middle.',
  total_timeout: 'The call took longer than allowed.',
  reset: 'The upstream broke the connection.',
  cut_off: 'The answer of the upstream ended too early.',
  too_large: 'The upstream sent more than allowed.',
  bad_content: 'The upstream sent something other than an answer, such as a page of a proxy.',
  asked_for: 'The upstream has asked for a pause.',
  limited: 'No call is left in the limit that the upstream has shown.',
  failing: 'The model keeps failing and is not called for a while.',
  provider_limit_wait_too_long: "The wait for the provider's limit would be too long.",
  provider_limit_queue_full: "Too many requests wait for the provider's limit.",
  provider_limit_timed_out: "The wait for the provider's limit was too long.",
  provider_limit_closed: 'The gateway was shutting down.',
  key_requests: "The client's key has no requests left in this minute.",
  key_tokens: "The client's key has no tokens left in this minute.",
  key_daily_tokens: "The client's key has no tokens left today.",
  key_monthly_tokens: "The client's key has no tokens left in this month.",
  key_daily_usd: "The client's key has no money left today.",
  key_monthly_usd: "The client's key has no money left in this month.",
  key_under_way: "Other requests of the client's key may still use what is left of its limit.",
  key_too_large: "The request alone is over a limit of the client's key.",
};
const plain = (reason) => (!reason ? '' : WORDS[reason] ?? (reason.startsWith('lost ') ? `On the way was lost: ${reason.slice(5).replaceAll(',', ', ')}.` : reason));
const failed = (r) => r.outcome && r.outcome !== 'ok';
const outcome = (r) => r.running
  ? html`<span class="wait">${r.first_token_ms ? 'streams' : 'waits'}</span>`
  : html`<span class=${failed(r) ? (r.outcome === 'client_gone' ? 'wait' : 'bad') : 'ok'}>${r.status} ${r.outcome}</span>`;
const served = (r) => (r.provider && r.provider !== 'none' ? `${r.provider}/${r.upstream_model}` : '–');
const newest = () => state.requests.slice().reverse();

function page() {
  const [name, id] = location.hash.slice(1).split('/');
  return { name: PAGES.includes(name) ? name : 'now', id: id && decodeURIComponent(id) };
}

function requestTable(rows) {
  if (!rows.length) return html`<p class="dim">None yet.</p>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Requests"><table>
    <thead><tr><th>Time</th><th>Outcome</th><th>Model asked</th><th>Answered by</th><th>Client</th><th>Session</th>
      <th class="n">In</th><th class="n">Cached</th><th class="n">Out</th><th class="n">First token</th><th class="n">Total</th>
      <th class="n">Tokens/s</th><th class="n">Cost</th><th>Reason</th></tr></thead>
    <tbody>${rows.map((r) => html`<tr>
      <td><a href="#requests/${r.request_id}">${time(r.at)}</a></td><td>${outcome(r)}</td><td title=${r.model ?? nothing}>${r.model ?? '–'}</td>
      <td>${served(r)}</td><td>${r.client || '–'}</td>
      <td>${r.session ? html`<a href="#sessions/${encodeURIComponent(r.session)}" title=${r.session}>${short(r.session)}</a>` : '–'}${r.agent ? ' · agent' : ''}</td>
      <td class="n">${number(r.input_tokens)}</td><td class="n">${number(r.cached_tokens)}</td><td class="n">${number(r.output_tokens)}</td>
      <td class="n">${ms(r.first_token_ms)}</td><td class="n">${ms(r.total_ms)}</td><td class="n">${number(rate(r))}</td>
      <td class="n">${money(r.cost_usd)}</td><td title=${plain(r.reason) || nothing}>${r.reason ?? ''}</td></tr>`)}</tbody></table></div>`;
}

function stages(r) {
  const total = Math.max(r.total_ms, 0.001);
  const bar = (start, length) => html`<span class="track"><svg viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">
    <rect x=${Math.min(998, (start / total) * 1000)} y="0" width=${Math.max(2, Math.min(1000, (length / total) * 1000))} height="8"></rect></svg></span>`;
  return html`<div class="stages">
    ${r.stages.slice().sort((a, b) => a.start - b.start).map((s) => html`<div class="stage"><span>${s.name}</span>${bar(s.start, s.ms)}<span>${ms(s.ms)}</span></div>`)}
    ${r.calls.map((c) => html`<div class="stage"><span>call ${c.provider}</span>${bar(c.start, c.ms)}<span>${ms(c.ms)}</span></div>`)}</div>`;
}

// All stages and calls in one bar, the last of them in words.
function stageBar(r) {
  const total = Math.max(r.total_ms, 0.001);
  const parts = r.stages.concat(r.calls.map((c) => ({ name: `call ${c.provider}`, start: c.start, ms: c.ms }))).sort((a, b) => a.start - b.start);
  return html`<span class="track"><svg viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">
    ${parts.map((s) => svg`<rect x=${Math.min(998, (s.start / total) * 1000)} y="0" width=${Math.max(2, Math.min(1000, (s.ms / total) * 1000))} height="8"></rect>`)}</svg></span>
    <details><summary>${parts.length} stages, the last is ${parts.at(-1)?.name ?? 'none'}</summary>${stages(r)}</details>`;
}

function now() {
  const recent = state.requests.filter((r) => r.at > Date.now() - 15 * 60000);
  const first = recent.map((r) => r.first_token_ms).filter(Boolean).sort((a, b) => a - b);
  return html`<h2>Now</h2>
    <div class="cards">
      <div class="card"><strong>${state.running.length}</strong>under way</div>
      <div class="card"><strong>${recent.length}</strong>in a quarter of an hour</div>
      <div class="card"><strong class=${recent.some(failed) ? 'bad' : ''}>${recent.filter(failed).length}</strong>of them not served</div>
      <div class="card"><strong>${ms(first[Math.floor(first.length / 2)])}</strong>first token, median</div>
      <div class="card"><strong>${money(recent.reduce((sum, r) => sum + (r.cost_usd ?? 0), 0))}</strong>spent in it</div>
    </div>
    <h2>Under way</h2>
    ${state.running.length ? state.running.map((r) => html`<div class="card under-way"><b>${r.model ?? 'a request'}</b> → ${served(r)}
      <span class="dim">${r.client} ${short(r.session)} ${r.agent ? 'agent' : ''}</span> ${outcome(r)} ${ms(r.total_ms)}${r.first_token_ms ? `, first token after ${ms(r.first_token_ms)}` : ''} ${stageBar(r)}</div>`)
    : html`<p class="dim">Nothing.</p>`}
    <h2>The last ones</h2>${requestTable(newest().slice(0, 20))}`;
}

function oneRequest(r) {
  if (!r) return html`<p>That request is not kept any more.</p>`;
  return html`<h2>Request ${r.request_id}</h2>
    <div class="cards">
      <div class="card">${outcome(r)}<br><span class="dim">${plain(r.reason) || 'nothing to say'}</span></div>
      <div class="card">asked for <b>${r.model ?? '–'}</b><br>answered by <b>${served(r)}</b></div>
      <div class="card">${number(r.input_tokens)} in, ${number(r.cached_tokens)} cached, ${number(r.output_tokens)} out<br>${money(r.cost_usd)}</div>
      <div class="card">first token ${ms(r.first_token_ms)}<br>total ${ms(r.total_ms)}</div>
      <div class="card">upstream's id<br><code>${r.upstream_request_id ?? '–'}</code></div>
    </div>
    <h3>Timeline</h3>${stages(r)}
    <h3>Calls</h3><div class="scroll" tabindex="0" role="region" aria-label="Calls"><table><thead><tr><th>Provider</th><th>Model</th><th>Sent</th><th>Status</th><th>Outcome</th><th>Reason</th><th>Id</th><th class="n">Time</th></tr></thead>
    <tbody>${r.calls.map((c) => html`<tr><td>${c.provider}</td><td>${c.model}</td><td>${c.sent ? 'yes' : 'no'}</td><td>${c.status || '–'}</td><td>${c.outcome}</td><td class="wide">${plain(c.reason)}</td><td>${c.request_id ?? '–'}</td><td class="n">${ms(c.ms)}</td></tr>`)}</tbody></table></div>
    <h3>What was lost on the way</h3>
    ${r.losses.length ? html`<ul>${r.losses.map((l) => html`<li>${l.what} in the ${l.where}${l.times > 1 ? `, ${l.times} times` : ''}</li>`)}</ul>` : html`<p class="dim">Nothing.</p>`}
    <h3>Tools called</h3><p class=${r.tools && Object.keys(r.tools).length ? '' : 'dim'}>${tools(r.tools)}</p>
    ${bodies(r)}
    ${r.prefix_previous ? html`<p>The upstream has seen ${number(r.prefix_matched)} of the ${number(r.prefix_previous)} bytes of the earlier prompt.</p>` : nothing}`;
}

// Bodies are asked for once a request is opened, and only where recording is on.
const recordings = new Map();
async function fetchBodies(id) {
  recordings.set(id, null);
  const response = await fetch(`/console/recordings/${encodeURIComponent(id)}`);
  recordings.set(id, response.ok ? (await response.json()).bodies : []);
  soon();
}

function pretty(text) {
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
}

function bodies(r) {
  if (!state.recording || r.running) return nothing;
  if (!state.login) return html`<h3>Bodies</h3><p>Recordings are shown only to those who log in: set CARAVAN_ADMIN_KEY.</p>`;
  const shown = recordings.get(r.request_id);
  const again = html`<button class="plain" @click=${() => fetchBodies(r.request_id)}>${shown?.length ? 'Read again' : 'Show the recording'}</button>`;
  const missing = state.recorded_to ? `Recordings go to ${state.recorded_to} (caravan.record.to): this page shows only those in files, and there is none of this request.` : 'There is no recording of this request.';
  if (!shown?.length) return html`<h3>Bodies</h3><p>${shown === undefined ? '' : shown === null ? 'It is read.' : missing} ${again}</p>`;
  const label = { request: "The client's request", 'upstream-request': 'Sent to the upstream', upstream: 'Came from the upstream', events: 'Events to the client', message: 'Message to the client', error: 'Error to the client' };
  return html`<h3>Bodies</h3><div class="bodies">${shown.map((b) => html`<section><h4>${label[b.name] ?? b.name}</h4>
    <p class="dim">${b.title}${b.cut ? ', the beginning of it' : ''}</p><pre tabindex="0">${pretty(b.text)}</pre></section>`)}</div>`;
}

function requests(id) {
  if (id) return oneRequest(state.requests.concat(state.running).find((r) => r.request_id === id));
  const clients = [...new Set(state.requests.map((r) => r.client).filter(Boolean))].sort();
  const rows = newest().filter((r) =>
    (!filters.outcome || (filters.outcome === 'ok' ? !failed(r) : failed(r)))
    && (!filters.client || r.client === filters.client)
    && (!filters.text || JSON.stringify(r).toLowerCase().includes(filters.text.toLowerCase())));
  const set = (name) => (e) => { filters[name] = e.target.value; draw(); };
  return html`<h2>Requests</h2><div class="filters">
    <label>Search<input id="filter-text" .value=${filters.text} @input=${set('text')}></label>
    <label>Outcome<select id="filter-outcome" @change=${set('outcome')}><option value="">all</option><option value="ok">served</option><option value="failed">not served</option></select></label>
    <label>Client<select id="filter-client" @change=${set('client')}><option value="">all</option>${clients.map((c) => html`<option>${c}</option>`)}</select></label></div>
    <p class="dim">${rows.length} of the last ${state.requests.length}</p>${requestTable(rows.slice(0, 300))}`;
}

const tools = (called) => {
  const names = Object.entries(called ?? {}).sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
  return names.length ? names.map(([name, times]) => `${name} ${times}`).join(', ') : 'None.';
};

function sessionRows() {
  const sessions = new Map();
  for (const r of state.requests) {
    if (!r.session) continue;
    const s = sessions.get(r.session) ?? { id: r.session, client: r.client, requests: 0, agents: new Set(), errors: 0, input: 0, cached: 0, output: 0, cost: 0, matched: 0, previous: 0, last: 0, tools: {} };
    s.requests += 1;
    if (r.agent) s.agents.add(r.agent);
    if (failed(r)) s.errors += 1;
    for (const [name, times] of Object.entries(r.tools ?? {})) s.tools[name] = (s.tools[name] ?? 0) + times;
    s.input += r.input_tokens ?? 0; s.cached += r.cached_tokens ?? 0; s.output += r.output_tokens ?? 0; s.cost += r.cost_usd ?? 0;
    s.matched += r.prefix_matched; s.previous += r.prefix_previous; s.last = Math.max(s.last, r.at);
    sessions.set(r.session, s);
  }
  return [...sessions.values()].sort((a, b) => b.last - a.last);
}

const kept = (s) => (s.previous ? `${Math.round((100 * s.matched) / s.previous)} %` : '–');
const toolCalls = (s) => Object.values(s.tools).reduce((sum, times) => sum + times, 0);

function oneSession(id) {
  const s = sessionRows().find((each) => each.id === id);
  if (!s) return html`<p>No request of that session is kept any more.</p>`;
  const rows = newest().filter((r) => r.session === id);
  return html`<h2>Session ${id}</h2><div class="cards">
      <div class="card"><strong>${s.requests}</strong>requests</div>
      <div class="card"><strong>${s.agents.size}</strong>sub-agents</div>
      <div class="card"><strong class=${s.errors ? 'bad' : ''}>${s.errors}</strong>not served</div>
      <div class="card"><strong>${kept(s)}</strong>of the prompts kept</div>
      <div class="card"><strong>${money(s.cost)}</strong>${number(s.input)} in, ${number(s.cached)} cached, ${number(s.output)} out</div>
    </div><h3>Tools called</h3><p id="tools" class=${toolCalls(s) ? '' : 'dim'}>${tools(s.tools)}</p>
    <h3>Requests</h3>${requestTable(rows)}`;
}

function sessions(id) {
  if (id) return oneSession(id);
  return html`<h2>Sessions</h2><div class="scroll" tabindex="0" role="region" aria-label="Sessions"><table>
    <thead><tr><th>Last</th><th>Session</th><th>Client</th><th class="n">Requests</th><th class="n">Sub-agents</th><th class="n">Tools</th><th class="n">Errors</th><th class="n">In</th><th class="n">Cached</th><th class="n">Out</th><th class="n">Prefix kept</th><th class="n">Cost</th></tr></thead>
    <tbody>${sessionRows().map((s) => html`<tr><td>${time(s.last)}</td><td><a href="#sessions/${encodeURIComponent(s.id)}">${s.id}</a></td><td>${s.client || '–'}</td><td class="n">${s.requests}</td><td class="n">${s.agents.size}</td><td class="n" title=${tools(s.tools)}>${toolCalls(s)}</td><td class="n">${s.errors}</td><td class="n">${number(s.input)}</td><td class="n">${number(s.cached)}</td><td class="n">${number(s.output)}</td><td class="n">${kept(s)}</td><td class="n">${money(s.cost)}</td></tr>`)}</tbody></table></div>`;
}

function usage() {
  const per = (name) => {
    const groups = new Map();
    for (const r of state.requests) {
      const g = groups.get(name(r)) ?? { requests: 0, input: 0, cached: 0, output: 0, cost: 0 };
      g.requests += 1; g.input += r.input_tokens ?? 0; g.cached += r.cached_tokens ?? 0; g.output += r.output_tokens ?? 0; g.cost += r.cost_usd ?? 0;
      groups.set(name(r), g);
    }
    return [...groups.entries()].sort((a, b) => b[1].cost - a[1].cost || b[1].input - a[1].input);
  };
  const table = (what, rows) => html`<div class="scroll" tabindex="0" role="region" aria-label=${what}><table><thead><tr><th>${what}</th><th class="n">Requests</th><th class="n">In</th><th class="n">Cached</th><th class="n">Out</th><th class="n">Cost</th></tr></thead>
    <tbody>${rows.map(([name, g]) => html`<tr><td>${name || '–'}</td><td class="n">${g.requests}</td><td class="n">${number(g.input)}</td><td class="n">${number(g.cached)}</td><td class="n">${number(g.output)}</td><td class="n">${money(g.cost)}</td></tr>`)}</tbody></table></div>`;
  return html`<h2>Tokens and money</h2><p class="dim">Of the last ${state.requests.length} requests, by minute.</p>
    <div class="plot" id="plot-tokens" role="img" aria-label="Tokens by minute"></div>
    <div class="plot" id="plot-money" role="img" aria-label="Dollars by minute"></div>
    <h2>By model</h2>${table('Model', per(served))}<h2>By client</h2>${table('Client', per((r) => r.client))}
    <h2>By key and day</h2><p class="dim">Of all requests since ${new Date(state.usage.since).toLocaleString()}, of 31 days at most. Days are those of UTC.</p>
    ${state.usage.days.map((d) => html`<h3>${d.day}</h3>${table('Key', d.keys.map((k) => [k.key, { requests: k.requests, input: k.input_tokens, cached: k.cached_tokens, output: k.output_tokens, cost: k.cost_usd }]))}`)}`;
}

function drawPlots() {
  plots.forEach((p) => p.destroy());
  plots = [];
  const tokens = document.getElementById('plot-tokens');
  if (!tokens || !state.requests.length) return;
  const minutes = new Map();
  for (const r of state.requests) {
    const at = Math.floor(r.at / 60000) * 60;
    const m = minutes.get(at) ?? [0, 0, 0];
    m[0] += input(r); m[1] += r.output_tokens ?? 0; m[2] += r.cost_usd ?? 0;
    minutes.set(at, m);
  }
  const x = [...minutes.keys()].sort((a, b) => a - b);
  const css = getComputedStyle(document.documentElement);
  const color = (name) => css.getPropertyValue(name).trim();
  const axes = [{ stroke: color('--dim'), grid: { stroke: color('--line') } }, { stroke: color('--dim'), grid: { stroke: color('--line') }, size: 70 }];
  const width = Math.max(320, Math.min(1100, tokens.clientWidth || 800));
  const line = (label, name) => ({ label, stroke: color(name), width: 2, points: { show: true } });
  const column = (i) => x.map((at) => minutes.get(at)[i]);
  plots.push(new uPlot({ width, height: 220, axes, series: [{}, line('tokens in', '--accent'), line('tokens out', '--ok')] }, [x, column(0), column(1)], tokens));
  plots.push(new uPlot({ width, height: 180, axes, series: [{}, line('dollars', '--accent')] }, [x, column(2)], document.getElementById('plot-money')));
}

// The doctor's checks of a model or a provider are real calls: one at a time, and only when an operator asks for them.
const checks = new Map();
async function check(name) {
  checks.set(name, { running: true });
  soon();
  try {
    const response = await fetch('/console/check', { method: 'POST', body: new URLSearchParams({ name }) });
    const answer = await response.json();
    checks.set(name, response.ok ? { findings: answer } : { failure: answer.error?.message ?? `status ${response.status}` });
  } catch (e) {
    checks.set(name, { failure: String(e) });
  }
  soon();
}

function checked(name) {
  const c = checks.get(name);
  return html`<button class="plain" ?disabled=${[...checks.values()].some((each) => each.running)} aria-label="Check ${name}" @click=${() => check(name)}>Check</button>
    <div role="status">${!c ? nothing : c.running ? html`<span class="wait">is being called…</span>` : c.failure ? html`<span class="bad">${c.failure}</span>`
    : html`<ul class="findings">${c.findings.map((f) => html`<li><b class=${f.level === 'problem' ? 'bad' : f.level === 'note' ? 'wait' : 'ok'}>${f.level}</b> ${f.text}${f.advice ? html`<br>→ ${f.advice}` : nothing}</li>`)}</ul>`}</div>`;
}

function models() {
  if (!state.models) return html`<p>Only an operator sees the models and providers.</p>`;
  return html`<h2>Models</h2><div class="scroll" tabindex="0" role="region" aria-label="Models"><table><thead><tr><th>For</th><th>Answered by</th><th>Circuit</th><th>Cools down</th><th>The doctor's checks</th></tr></thead>
    <tbody>${state.models.map((m) => html`<tr><td>${m.use}</td><td><code>${m.model}</code></td><td class=${m.circuit === 'CLOSED' && !m.set_aside ? 'ok' : 'bad'}>${m.set_aside ? `is set aside (${m.set_aside}), ` : ''}${m.circuit === 'CLOSED' ? 'is called' : m.circuit === 'OPEN' ? 'is not called for a while' : 'is tried'}</td><td>${m.cooling_ms ? `for ${ms(m.cooling_ms)}` : 'no'}</td><td class="wide">${checked(m.model)}</td></tr>`)}</tbody></table></div>
    <h2>Providers</h2><div class="scroll" tabindex="0" role="region" aria-label="Providers"><table><thead><tr><th>Name</th><th>URL</th><th>Key</th><th>List of models</th><th>Does it list models?</th></tr></thead>
    <tbody>${state.providers.map((p) => html`<tr><td>${p.name}</td><td><code>${p.url}</code></td><td>${p.has_key ? 'is set' : 'none'}</td>
      <td class="wide">${p.models === null ? html`<span class="dim">not asked for</span>` : p.failure ? html`<span class="bad">${p.failure}</span>` : html`<details><summary>${p.models.length} models</summary>${p.models.join(', ')}</details>`}</td>
      <td class="wide">${checked(p.name)}</td></tr>`)}</tbody></table></div>
    <h2>Limits of calls</h2>
    ${state.limits.length ? html`<div class="scroll" tabindex="0" role="region" aria-label="Limits"><table><thead><tr><th>Of</th><th class="n">Under way</th><th class="n">Waiting</th><th class="n">In the window</th><th class="n">Window</th></tr></thead>
    <tbody>${state.limits.map((l) => html`<tr><td>${l.name}</td><td class="n">${l.active}</td><td class="n">${l.waiting}</td><td class="n">${l.window_used}</td><td class="n">${l.window_limit || 'none'}</td></tr>`)}</tbody></table></div>` : html`<p class="dim">Nothing was called so far.</p>`}
    <h2>Limits of models that refusals have shown</h2>
    ${state.model_limits.length ? html`<div class="scroll" tabindex="0" role="region" aria-label="Learned limits"><table><thead><tr><th>Model</th><th class="n">Calls</th><th class="n">In</th><th class="n">Made</th><th class="n">Next call in</th><th class="n">Forgotten in</th></tr></thead>
    <tbody>${state.model_limits.map((l) => html`<tr><td><code>${l.model}</code></td><td class="n">${l.calls || '–'}</td><td class="n">${ms(l.window_ms)}</td><td class="n">${l.used}</td><td class="n">${l.again_ms ? ms(l.again_ms) : 'now'}</td><td class="n">${ms(l.left_ms)}</td></tr>`)}</tbody></table></div>` : html`<p class="dim">None.</p>`}
    ${state.refused_keys.length ? html`<h2>Refused keys</h2><div class="scroll" tabindex="0" role="region" aria-label="Refused keys"><table><thead><tr><th>Key</th><th>Reason</th><th class="n">Tried again in</th></tr></thead>
    <tbody>${state.refused_keys.map((k) => html`<tr><td>${k.key}</td><td class="bad">${k.reason}</td><td class="n">${ms(k.again_ms)}</td></tr>`)}</tbody></table></div>` : ''}
    <h2>Learned of upstreams</h2>
    ${state.learned.length ? html`<div class="scroll" tabindex="0" role="region" aria-label="Learned"><table><thead><tr><th>Provider</th><th>Model</th><th>For</th><th>What</th><th>Complaint</th><th>Words</th><th>Proof</th><th>Until</th></tr></thead>
    <tbody>${state.learned.map((l) => html`<tr><td>${l.provider}</td><td>${l.model}</td><td>${l.tenant || 'all'}</td><td>${l.quirk}</td><td>${l.complaint}</td><td class="wide">${l.words}</td><td>${l.proof}</td><td>${time(l.until)}</td></tr>`)}</tbody></table></div>` : html`<p class="dim">Nothing.</p>`}`;
}

function settings() {
  if (!state.settings) return html`<p>Only an operator sees the settings.</p>`;
  return html`<h2>Settings in force</h2><div class="scroll" tabindex="0" role="region" aria-label="Settings"><table><thead><tr><th>Name</th><th>Value</th><th>From</th></tr></thead>
    <tbody>${state.settings.map((s) => html`<tr><td><code>${s.name}</code></td><td class="wide"><code>${s.value}</code></td><td>${s.from}</td></tr>`)}</tbody></table></div>`;
}

function connect() {
  const url = location.origin;
  return html`<h2>Claude Code</h2><pre tabindex="0">export ANTHROPIC_BASE_URL=${url} ANTHROPIC_AUTH_TOKEN=any
claude</pre>
    <h2>Anthropic's SDK for Python</h2><pre tabindex="0">from anthropic import Anthropic
client = Anthropic(base_url="${url}", api_key="any")</pre>
    <h2>Anthropic's SDK for TypeScript</h2><pre tabindex="0">import Anthropic from '@anthropic-ai/sdk';
const client = new Anthropic({ baseURL: '${url}', apiKey: 'any' });</pre>
    <h2>curl</h2><pre tabindex="0">curl -N ${url}/v1/messages -H 'content-type: application/json' \\
  -d '{"model":"claude-sonnet","max_tokens":200,"stream":true,"messages":[{"role":"user","content":"Hi"}]}'</pre>
    <p class="dim">Where the gateway has client keys, one of them stands in place of <code>any</code>.</p>`;
}

function login() {
  return html`<main><h1>Caravan</h1><form method="post" action="/console/login">
    <label>The operator's key, or a client's for its own requests
      <input name="key" type="password" autocomplete="current-password" required autofocus></label>
    ${location.search === '?refused' ? html`<p class="bad" role="alert">That key is not known.</p>` : nothing}
    <p><button class="plain">Log in</button></p></form></main>`;
}

const VIEWS = { now, requests, sessions, usage, models, settings, connect };

function draw(again) {
  const root = document.getElementById('console');
  if (state.login === true && !state.requests) {
    render(login(), root);
    return;
  }
  const { name, id } = page();
  document.title = `${TITLES[name]} – Caravan`;
  render(html`<header><h1>Caravan</h1>
    <nav aria-label="Pages">${PAGES.map((p) => html`<a href="#${p}" aria-current=${p === name ? 'page' : nothing}>${TITLES[p]}</a>`)}</nav>
    <span class="dim" id="live" role="status">${live}</span>
    ${state.login ? html`<form method="post" action="/console/logout"><button class="plain">Log out</button></form>` : nothing}</header>
    <main>${VIEWS[name](id)}</main>`, root);
  if (name === 'usage' && !(again && Date.now() - plotted < 5000)) {
    plotted = Date.now();
    drawPlots();
  }
}

// Many events may come at once: the page is drawn once for all of them. Plots are drawn anew at most each few seconds.
let drawn = false;
let plotted = 0;
function soon() {
  if (drawn) return;
  drawn = true;
  requestAnimationFrame(() => { drawn = false; draw(true); });
}

function listen() {
  const events = new EventSource('/console/events');
  events.onopen = async () => {
    live = 'live';
    // What ended while nobody listened, and what the page itself had no room for.
    const response = await fetch('/console/state');
    if (response.ok) state = await response.json();
    else if (response.status === 401) location.reload();
    soon();
  };
  events.onerror = () => { live = 'not connected'; soon(); };
  events.addEventListener('ended', (e) => {
    const r = JSON.parse(e.data);
    state.running = state.running.filter((other) => other.request_id !== r.request_id);
    if (state.requests.some((other) => other.request_id === r.request_id)) return;
    state.requests.push(r);
    if (state.requests.length > state.most) state.requests.shift();
    soon();
  });
  events.addEventListener('running', (e) => { state.running = JSON.parse(e.data).running; soon(); });
}

// What no event tells of is asked for when its page is opened.
async function refresh() {
  if (!['usage', 'models', 'settings'].includes(page().name)) return;
  const response = await fetch('/console/state');
  if (response.ok) { state = await response.json(); soon(); }
}

window.addEventListener('hashchange', () => { draw(); if (state.requests) refresh(); });
draw();
if (state.requests) listen();
