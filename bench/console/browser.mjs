// Looks at the console in headless Chromium, as an operator does: logs in, watches a stream, opens a failed request, filters,
// opens a session, looks at the plots and settings, on a wide and a narrow screen, light and dark, and lets axe look at each.
//
//   node browser.mjs [--screenshot FILE] URL
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const URL = process.argv.at(-1);
const SCREENSHOT = process.argv[2] === '--screenshot' ? process.argv[3] : null;
const HOSTILE = '</script><script>window.broken=1</script><img src=x onerror=window.broken=1>';
const VIEWS = ['now', 'requests', 'sessions', 'usage', 'models', 'settings', 'connect'];
const problems = [];

function ask(text, { model = 'claude-sonnet', session = 'session-of-the-test', agent } = {}) {
  return fetch(`${URL}/v1/messages`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json', 'x-api-key': 'canary-of-a-client', 'x-claude-code-session-id': session,
      ...(agent && { 'x-claude-code-agent-id': agent }),
    },
    body: JSON.stringify({ model, max_tokens: 500, stream: true, messages: [{ role: 'user', content: text }] }),
  }).then((response) => response.text());
}

async function accessible(page, what) {
  // The page's policy forbids foreign scripts; the debugger's evaluation is none of the page's.
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run());
  for (const v of violations) problems.push(`${what}: ${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html).join(' | ')}`);
}

const steps = {
  async 'a wrong key is refused, the right one logs in'(page) {
    await page.goto(URL);
    await accessible(page, 'login');
    await page.getByLabel(/operator's key/).fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await page.getByLabel(/operator's key/).fill('canary-of-the-operator');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Under way' }).waitFor();
    assert.equal(await page.evaluate(() => document.cookie), '', 'no script reads the cookie');
    await page.getByText('live', { exact: true }).waitFor();
  },
  async 'a stream is shown while it runs, and its end'(page) {
    const answer = ask('slowly, please', { agent: 'agent-1' });
    await page.locator('.under-way').getByText('streams').waitFor();
    assert.match(await page.locator('.under-way').innerText(), /claude-sonnet[^]*nim\/z-ai\/glm-5.3/);
    assert.ok(await page.locator('.under-way > .track rect').count() > 2, 'its stages are shown');
    await answer;
    await page.locator('tbody tr').filter({ hasText: '200 ok' }).first().waitFor();
    assert.equal(await page.locator('.under-way').count(), 0);
  },
  async 'a failed request says why'(page) {
    await ask('fail, please', { session: 'another-session' });
    await page.getByRole('link', { name: 'Requests' }).click();
    await page.locator('tbody tr').filter({ hasText: 'invalid_request_error' }).getByRole('link').first().click();
    await page.getByRole('heading', { name: /Request req_/ }).waitFor();
    assert.match(await page.locator('main').innerText(), /400 invalid_request_error[^]*nim[^]*glm-5.3/);
  },
  async 'a recording is shown side by side'(page) {
    await page.getByRole('button', { name: 'Show the recording' }).click();
    for (const name of ["The client's request", 'Sent to the upstream', 'Came from the upstream', 'Error to the client']) {
      await page.getByRole('heading', { name }).waitFor();
    }
    const text = await page.locator('.bodies').innerText();
    assert.match(text, /"content": "fail, please"/);
    assert.match(text, /"message": "no such thing"/);
    assert.doesNotMatch(text, /canary/);
    await accessible(page, 'a recording');
  },
  async 'filters leave what they name'(page) {
    await page.goto(`${URL}/#requests`);
    await page.locator('tbody tr').first().waitFor();
    const all = await page.locator('tbody tr').count();
    await page.getByLabel('Outcome').selectOption('failed');
    const failed = await page.locator('tbody tr').allInnerTexts();
    assert.ok(failed.length > 0 && failed.length < all, `${failed.length} of ${all}`);
    assert.ok(failed.every((row) => !row.includes('200 ok')));
    await page.getByLabel('Outcome').selectOption('');
    await page.getByLabel('Search').fill('ANOTHER-session');
    assert.equal(await page.locator('tbody tr').count(), 1);
    await page.getByLabel('Search').fill('');
    assert.equal(await page.locator('tbody tr').count(), all);
  },
  async 'a session sums up its requests'(page) {
    await ask('use tools');
    await page.getByRole('link', { name: 'Sessions' }).click();
    const row = page.locator('tbody tr').filter({ hasText: 'session-of-the-test' });
    await row.filter({ hasText: '3,200' }).waitFor();
    const cells = await row.locator('td').allInnerTexts();
    assert.deepEqual(cells.slice(3, 10), ['2', '1', '3', '0', '3,200', '0', '370'], 'requests, agents, tools, errors, in, cached, out');
    await row.getByRole('link').click();
    await page.locator('tbody tr').nth(1).waitFor();
    assert.equal(await page.locator('tbody tr').count(), 2);
    assert.equal(await page.locator('#tools').innerText(), 'Bash 2, Read 1');
    await accessible(page, 'a session');
  },
  async 'the plots are drawn'(page) {
    await page.getByRole('link', { name: 'Tokens and money' }).click();
    for (const plot of ['tokens', 'money']) {
      await page.locator(`#plot-${plot} canvas`).waitFor();
      const painted = await page.locator(`#plot-${plot} canvas`).evaluate((canvas) =>
        canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((byte) => byte !== 0));
      assert.ok(painted, plot);
    }
  },
  async 'models, providers and settings are there, and no secret'(page) {
    await page.getByRole('link', { name: 'Models and providers' }).click();
    await page.getByText('nim/z-ai/glm-5.3').first().waitFor();
    await page.getByRole('link', { name: 'Settings' }).click();
    const row = page.locator('tbody tr').filter({ hasText: 'caravan.admin-key' });
    assert.match(await row.innerText(), /••••••[^]*CARAVAN_ADMIN_KEY/);
    assert.match(await page.locator('tbody tr').filter({ hasText: 'caravan.keep-alive' }).innerText(), /10000[^]*default/);
    const state = await page.evaluate(() => fetch('/console/state').then((r) => r.text()));
    for (const text of [await page.content(), state]) {
      assert.doesNotMatch(text, /canary/);
      assert.doesNotMatch(text, /slowly, please|fail, please|Hello there/, 'no prompt and no answer');
    }
  },
  async 'a button checks a model, and one a provider'(page) {
    await page.getByRole('link', { name: 'Models and providers' }).click();
    await page.getByRole('button', { name: 'Check nim/z-ai/glm-5.3' }).click();
    await page.getByText('calls tools').waitFor();
    await page.getByRole('button', { name: 'Check nim', exact: true }).click();
    await page.getByText('lists 1 models').waitFor();
    await accessible(page, 'a checked model');
  },
  async 'hostile texts are inert'(page) {
    await ask('hello', { model: HOSTILE, session: HOSTILE });
    for (let i = 0; i < 2; i++) {
      await page.goto(`${URL}/#requests`);
      await page.locator('tbody').getByText('<img src=x').first().waitFor();
      assert.equal(await page.evaluate(() => window.broken), undefined);
      await page.reload();
    }
    await page.goto(`${URL}/#sessions`);
    await page.locator('tbody').getByRole('link', { name: '<img src=x' }).click();
    await page.getByRole('heading', { name: `Session ${HOSTILE}` }).waitFor();
    assert.equal(await page.locator('tbody tr').count(), 1);
  },
  async 'the keyboard reaches it all'(page) {
    await page.goto(`${URL}/#now`);
    await page.getByRole('link', { name: 'Settings' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Settings in force' }).waitFor();
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Connect');
  },
  async 'axe finds nothing, and nothing overflows'(page) {
    for (const [colorScheme, width] of [['light', 1280], ['dark', 375]]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      for (const view of VIEWS) {
        await page.goto(`${URL}/#${view}`);
        await page.locator('main h2').first().waitFor();
        await accessible(page, `${view}, ${colorScheme}, ${width}`);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (over > 0) problems.push(`${view} is ${over} pixels wider than a screen of ${width}`);
      }
    }
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.emulateMedia({ colorScheme: 'light' });
  },
  async 'a client sees its own requests alone'(page) {
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByLabel(/operator's key/).fill('canary-of-a-client');
    await page.keyboard.press('Enter');
    await page.getByText('200 ok').first().waitFor();
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByText('Only an operator sees').waitFor();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByLabel(/operator's key/).waitFor();
  },
};

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
page.setDefaultTimeout(10_000);
page.on('pageerror', (error) => problems.push(`the page's script: ${error.stack ?? error}`));
page.on('console', (m) => { if (m.type() === 'error' && !/40[13]|429/.test(m.text())) problems.push(`the browser's console: ${m.text()}`); });
page.on('request', (r) => { if (!r.url().startsWith(URL) && !r.url().startsWith('data:')) problems.push(`a request elsewhere: ${r.url()}`); });
for (const [name, step] of Object.entries(steps)) {
  try {
    await step(page);
    console.log(`  ok      ${name}`);
  } catch (error) {
    console.log(`  FAILED  ${name}: ${error.stack}`);
    problems.push(name);
    break;
  }
  if (SCREENSHOT && name.startsWith('the plots')) {
    // The first requests of a process are slow.
    for (let i = 0; i < 8; i++) await ask('use tools', { agent: i % 2 ? 'agent-1' : undefined });
    ask('slowly, please', { agent: 'agent-1' });
    await page.goto(`${URL}/#now`);
    await page.locator('.under-way').getByText('streams').waitFor();
    await page.setViewportSize({ width: 1100, height: 570 });
    await page.screenshot({ path: SCREENSHOT });
    await page.locator('.under-way').waitFor({ state: 'detached', timeout: 20_000 });
  }
}
await browser.close();
for (const problem of new Set(problems)) console.log(`  PROBLEM ${problem}`);
process.exit(problems.length ? 1 : 0);
