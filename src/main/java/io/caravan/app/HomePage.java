package io.caravan.app;

import io.caravan.exchange.ModelChoice;
import io.caravan.models.ModelDirectory;
import io.caravan.models.WindowSetting;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;

/** Serves the page for a person who opens the gateway in a browser: its models and next steps. */
public final class HomePage implements Processor {
  private ModelDirectory models;
  private String host = "127.0.0.1";
  private String port = "8085";
  private boolean tls;

  /** Sets the directory of models. */
  public void setModels(ModelDirectory models) {
    this.models = models;
  }

  /** Sets the address on which the gateway listens. */
  public void setHost(String host) {
    this.host = host;
  }

  /** Sets the port on which the gateway listens. */
  public void setPort(String port) {
    this.port = port;
  }

  /** Sets whether the port uses TLS. */
  public void setTls(boolean tls) {
    this.tls = tls;
  }

  @Override
  public void process(Exchange exchange) {
    Message message = exchange.getMessage();
    boolean head = "HEAD".equals(message.getHeader(Exchange.HTTP_METHOD, String.class));
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, 200);
    message.setHeader(Exchange.CONTENT_TYPE, "text/html; charset=utf-8");
    message.setHeader("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'");
    message.setBody(head ? null : html());
  }

  private String html() {
    StringBuilder rows = new StringBuilder();
    for (Map.Entry<String, String> each : models.configured().entrySet()) {
      rows.append("<tr><td>").append(each.getKey()).append("</td><td><code>");
      rows.append(escape(each.getValue())).append("</code></td><td>");
      rows.append(escape(note(models.choose(each.getValue()))));
      rows.append("</td></tr>\n");
    }
    String url = ServerUrl.of(tls, host, port);
    return """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>Caravan</title>
        <style>body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:3rem auto;padding:0 1rem}
        code,pre{font-family:ui-monospace,monospace}pre{background:#f4f4f2;padding:1rem;overflow:auto}
        td,th{padding:.2rem 1.5rem .2rem 0;text-align:left}</style></head><body>
        <h1>Caravan is running</h1>
        <p>It serves Anthropic's Messages API and answers from OpenAI-compatible model servers.</p>
        <h2>Models</h2>
        <table><tr><th>for</th><th>answered by</th><th></th></tr>
        %s</table>
        <p>A model marked <em>demonstration</em> is none: set <code>NVIDIA_API_KEY</code> (or <code>NIM_BASE_URL</code>)
        and start again.</p>
        <h2>Claude Code</h2>
        <pre>export ANTHROPIC_BASE_URL=%s ANTHROPIC_AUTH_TOKEN=any
        %sclaude</pre>
        <h2>A first request</h2>
        <pre>curl -N %s/v1/messages -H 'content-type: application/json' \\
          -d '{"model":"claude-sonnet","max_tokens":200,"stream":true,"messages":[{"role":"user","content":"Hi"}]}'</pre>
        <p>Something is wrong? <code>java -jar caravan.jar doctor</code> tries each model and says what to change.</p>
        <p><a href="/v1/models">All models</a></p>
        </body></html>
        """
        .formatted(rows, escape(url), window(), escape(url));
  }

  private static String note(ModelChoice choice) {
    if (choice.provider().demonstration()) {
      return "demonstration";
    }
    return choice.auto() == null ? "" : "now " + choice.model() + ": " + choice.auto();
  }

  /** Returns the line that tells Claude Code the window of the model that it gets by itself. */
  private String window() {
    String setting = WindowSetting.of(models.choose("claude-opus"));
    return setting == null ? "" : escape(setting) + "\n";
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
