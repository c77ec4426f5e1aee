package io.caravan.gateway;

import static io.caravan.gateway.WrongSetup.file;
import static io.caravan.gateway.WrongSetup.ollama;
import static io.caravan.gateway.WrongSetup.route;
import static io.caravan.gateway.WrongSetup.set;

import io.caravan.gateway.WrongSetup.SetUp;
import io.caravan.testkit.Ports;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Wrong set-ups beside those of docs/operate.md, with what their users must read. */
final class FurtherSetups {
  private static final String HASH =
      "0f6be4d3c8f61d9e3f5b8a7d2c1e0f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e";
  private static final String PROVIDER =
      "- beans:\n    - name: acme\n      type: io.caravan.provider.Provider\n      properties:\n";

  static final Map<String, String> WORDS = new LinkedHashMap<>();
  private static final Map<String, SetUp> SET_UPS = new LinkedHashMap<>();

  static {
    baseUrls();
    keys();
    keyFiles();
    models();
    ports();
    words();
    routes();
    beans();
    settings();
    stores();
    services();
  }

  private FurtherSetups() {}

  static SetUp of(String row) {
    return SET_UPS.get(row);
  }

  private static void add(String row, String words, SetUp setUp) {
    WORDS.put(row, words);
    SET_UPS.put(row, setUp);
  }

  private static void baseUrl(String row, String url, String words) {
    add(row, words, set("OLLAMA_BASE_URL", url));
  }

  private static void baseUrls() {
    baseUrl(
        "a base URL with a blank inside",
        "http://127.0.0.1: 8000/v1",
        "(OLLAMA_BASE_URL) has a blank or another invisible character in it");
    baseUrl(
        "a base URL with a password",
        "http://me:secret-9f3a@127.0.0.1:8000/v1",
        "its base URL http://127.0.0.1:8000/v1 (OLLAMA_BASE_URL) has a user or a password before"
            + " the host, which are not sent");
    baseUrl(
        "a base URL with a query",
        "http://127.0.0.1:8000/v1?key=secret-9f3a",
        "has a ? or # in it, behind which the path of a call can't be put. Set OLLAMA_BASE_URL to"
            + " http://127.0.0.1:8000/v1");
    baseUrl(
        "a base URL of another scheme",
        "grpc://127.0.0.1:8000/v1",
        "must begin with http:// or https://. Set OLLAMA_BASE_URL to http://127.0.0.1:8000/v1");
    baseUrl(
        "a base URL with a port that is none",
        "http://127.0.0.1:99999/v1",
        "(OLLAMA_BASE_URL) has a port that is none. Correct OLLAMA_BASE_URL");
    baseUrl(
        "an IPv6 address without brackets",
        "http://::1:8000/v1",
        "(OLLAMA_BASE_URL) names no host. Correct OLLAMA_BASE_URL");
    baseUrl(
        "a base URL whose variable the shell has not replaced",
        "http://$OLLAMA_HOST/v1",
        "has $OLLAMA_HOST in it, which nothing has replaced. Correct OLLAMA_BASE_URL");
    baseUrl(
        "a base URL as a document shows it",
        "http://<your-host>:8000/v1",
        "has <your-host> in it, which nothing has replaced. Correct OLLAMA_BASE_URL");
    baseUrl("an empty base URL", "", "ollama has no base URL. Set OLLAMA_BASE_URL");
    add(
        "a base URL with /models",
        "ends with /models, which is put behind it. Set OLLAMA_BASE_URL to http://…/v1",
        ollama("/v1/models"));
    add(
        "`http://` at a port with TLS",
        "there is TLS at that port; should its baseUrl begin with https://?",
        test -> test.tls("http"));
    add(
        "a certificate that nobody vouches for",
        "its certificate's issuer is not trusted; docs/operate.md says how Java comes to trust it",
        test -> test.tls("https"));
    add(
        "a base URL of the gateway itself",
        "is that of this gateway. Set OLLAMA_BASE_URL to the server of the models",
        test -> {
          String port = String.valueOf(Ports.free());
          set("CARAVAN_PORT", port, "OLLAMA_BASE_URL", "http://127.0.0.1:" + port + "/v1")
              .make(test);
        });
    add(
        "a proxy that is not there",
        "can't be reached at http://models.example/v1 (OLLAMA_BASE_URL): its proxy 127.0.0.1:…:"
            + " connection refused",
        test ->
            set(
                    "CARAVAN_UPSTREAM_PROXY",
                    "http://127.0.0.1:" + Ports.free(),
                    "OLLAMA_BASE_URL",
                    "http://models.example/v1")
                .make(test));
  }

  private static void key(String row, String key, String words) {
    add(
        row,
        words,
        test -> {
          set("MODEL", "vllm/qwen3.5", "VLLM_API_KEY", key).make(test);
          test.variables().put("VLLM_BASE_URL", test.variables().get("OLLAMA_BASE_URL"));
        });
  }

  private static void keys() {
    key("a key with Bearer", "Bearer secret-9f3a", "its key, which begins with the word Bearer");
    key("a key in typographic quotes", "“secret-9f3a”", "its key, which has quotation marks");
    key(
        "a key that the shell has not replaced",
        "$NIM_API_KEY",
        "vllm will refuse its key, which is the name of a variable that nothing has replaced");
    key(
        "a key with its variable's name",
        "VLLM_API_KEY=secret-9f3a",
        "vllm will refuse its key, which begins with the name of a variable. Correct VLLM_API_KEY");
    key(
        "a key with a line's end inside",
        "secret-9f3a\nsecret-9f3a",
        "has a blank, a line's end or another character in it that no key has");
    key(
        "a key as a document shows it",
        "sk-…",
        "VLLM_API_KEY is the placeholder of an example: set it to your key, or to nothing");
    add(
        "an empty key",
        "openrouter has no key. Set OPENROUTER_API_KEY\n",
        set("MODEL", "openrouter/z-ai/glm-5.3", "OPENROUTER_API_KEY", ""));
  }

  private static void keyFile(String row, String text, String words) {
    add(
        row,
        "CARAVAN_CLIENT_KEYS_FILE: The key file keys" + words,
        file("keys", text, "CARAVAN_CLIENT_KEYS_FILE", "keys"));
  }

  private static void keyFiles() {
    keyFile("an empty key file", "", ", line 1: the file is empty");
    keyFile(
        "a key file with a byte order mark",
        "\uFEFFsha256:" + HASH + " name=ann\n",
        ", line 1: begins with a byte order mark: save it as UTF-8 without one");
    keyFile(
        "a key file with the keys themselves",
        "secret-9f3a\n",
        ", line 1: must begin with sha256: and 64 hexadecimal digits; the command key new makes a"
            + " line");
    add(
        "a directory in place of the key file",
        "CARAVAN_CLIENT_KEYS_FILE: The key file here is a directory",
        test -> {
          Files.createDirectory(test.directory().resolve("here"));
          test.variables().put("CARAVAN_CLIENT_KEYS_FILE", "here");
        });
    add(
        "a ledger that is a directory",
        "caravan-usage.ledger can't be used (…); set caravan.ledger.file to one that can be written",
        test -> {
          Files.createDirectory(test.directory().resolve("caravan-usage.ledger"));
          file(
                  "keys",
                  "sha256:" + HASH + " name=ann daily-tokens=5\n",
                  "CARAVAN_CLIENT_KEYS_FILE",
                  "keys")
              .make(test);
        });
  }

  private static void model(String row, String model, String words) {
    add(row, "MODEL is " + model + ": " + words, set("MODEL", model));
  }

  private static void models() {
    model("a provider in capitals", "Ollama/qwen3.5", "there is no provider Ollama; did you mean");
    model("a provider that is like none", "acme/x", "there is no provider acme; there are ant");
    model("a model without a provider", "qwen3.5", "it must be provider/model/name with one of");
    model("a model with a colon", "ollama:qwen3.5", "it must be provider/model/name with one of");
    model("a model of Claude's", "claude-sonnet", "it must be provider/model/name with one of");
    model("a chain with a comma too many", "ollama/qwen3.5,", "there is a comma without a model");
    model("a model in quotation marks", "\"ollama/qwen3.5\"", "take the quotation marks away");
    add(
        "a class with a provider that is not there",
        "MODEL_OPUS is acme/x: there is no provider acme",
        set("MODEL_OPUS", "acme/x"));
    add(
        "a class that is not there",
        "Nothing reads MODEL_SONET; did you mean MODEL_SONNET?",
        set("MODEL_SONET", "ollama/qwen3.5"));
  }

  private static void port(String row, String port, String words) {
    add(row, words, set("CARAVAN_PORT", port));
  }

  private static void ports() {
    port("a negative port", "-1", "CARAVAN_PORT is -1: it must be a number from 0 on");
    port("a port in words", "http", "CARAVAN_PORT is http: it must be a number");
    port("a port above all", "99999", "CARAVAN_PORT is not a port: 99999; it must be a number up");
    port("a port with its host", "127.0.0.1:8085", "CARAVAN_PORT is 127.0.0.1:8085: it must be a");
    port("an empty port", "", "CARAVAN_PORT is empty: it must be a number");
    port("a port with blanks", " 8085 ", "is not a port:  8085 , with a blank before or behind it");
    add(
        "a port of health that is taken",
        "can't be listened on (Address already in use); set CARAVAN_MANAGEMENT_PORT to a free one",
        test -> set("CARAVAN_MANAGEMENT_PORT", test.takenPort()).make(test));
    host("an unknown host", "no-such-host.invalid", "of this machine: no-such-host.invalid");
    host("a host of another machine", "192.0.2.1", "of this machine: 192.0.2.1");
    host(
        "a host that is a URL",
        "http://127.0.0.1",
        "of this machine: http://127.0.0.1; it is a name or address alone, as 127.0.0.1");
    add("an empty host", "CARAVAN_HOST is empty; set it to 127.0.0.1", set("CARAVAN_HOST", ""));
  }

  private static void host(String row, String host, String words) {
    add(
        row,
        "CARAVAN_HOST is not an address " + words,
        set("CARAVAN_HOST", host, "CARAVAN_API_KEYS", "a-key-of-9f3a-length"));
  }

  private static void command(String row, String words, String... command) {
    add(row, words, test -> test.command().addAll(List.of(command)));
  }

  private static void words() {
    command("an option without its value", "--port needs a value", "--port");
    command("an unknown command", "Caravan has no command server; did you mean serve?", "server");
    command("a misspelt --help", "serve has no option --hlep; did you mean --help?", "--hlep");
    command("a port as a command", "did you mean --port 9000?", "9000");
    command("an option of claude before --", "code has no option --model", "code", "--model", "x");
    command("an unknown option of doctor", "doctor has no option --jsno", "doctor", "--jsno");
    command("a key without a name", "Usage: java -jar caravan.jar key new NAME", "key", "new");
    command("recordings that are not there", "There are no recordings at none", "replay", "none");
    command(
        "settings that are not there", "--config needs a directory", "doctor", "--config", "no");
  }

  private static void yaml(String row, String text, String words) {
    add(row, words, file("routes/mine.camel.yaml", text));
  }

  private static void routes() {
    yaml("an empty route file", "", "routes/mine.camel.yaml has nothing in it");
    yaml("a route file of comments", "# later\n", "routes/mine.camel.yaml has nothing in it");
    yaml("a route file that is no text", "ELF\0\1", "routes/mine.camel.yaml is no text");
    yaml(
        "a route file without its hyphen",
        "route:\n  id: mine\n",
        "routes/mine.camel.yaml, line 1: a route file is a list, whose entries begin with a hyphen");
    yaml(
        "a route file with a wrong indent",
        "- route:\n    id: mine\n   from:\n      uri: direct:mine\n",
        "mine.camel.yaml, line 3");
    add(
        "a step that is not there",
        "mine.camel.yaml, line 6: there is no step or property lgo",
        route("mine.camel.yaml", "lgo: hello"));
    add(
        "a Kamelet that is not there",
        "there is no Kamelet caravan-cont-tokens-action",
        route("mine.camel.yaml", "to: kamelet:caravan-cont-tokens-action"));
    add(
        "an option that a component lacks",
        "Unknown parameters=[{fileNam=x}]",
        route("mine.camel.yaml", "to: file:here?fileNam=x"));
    add(
        "a placeholder that nothing sets",
        "routes/mine.camel.yaml, line 6: nothing sets acme.topic",
        route("mine.camel.yaml", "to: \"direct:{{acme.topic}}\""));
    add(
        "a variable that is not set",
        "routes/mine.camel.yaml, line 6: the variable ACME_TOPIC is not set",
        route("mine.camel.yaml", "to: \"direct:{{env:ACME_TOPIC}}\""));
  }

  private static void bean(String row, String lines, String words) {
    add(row, words, file("routes/providers/acme.camel.yaml", PROVIDER + lines, "MODEL", "acme/x"));
  }

  private static void beans() {
    String whole = "        name: acme\n        baseUrl: http://127.0.0.1:8000/v1\n";
    bean("a property that a provider lacks", whole + "        apikey2: x\n", "no property apikey2");
    bean(
        "a provider with two names",
        whole.replace("acme", "acne"),
        "The provider whose bean is called acme has the name acne: both must be the same");
    bean(
        "a bean without its class",
        whole.replace("name: acme", "images: SOME"),
        "acme.camel.yaml: bean acme: ");
    add(
        "one provider in two files",
        "routes/providers/b.camel.yaml and routes/providers/a.camel.yaml: both have a bean with the"
            + " name acme, of which one would do nothing",
        test -> {
          file("routes/providers/a.camel.yaml", PROVIDER + whole).make(test);
          file("routes/providers/b.camel.yaml", PROVIDER + whole).make(test);
        });
    add(
        "a provider of an unknown class",
        "bean acme: there is no class io.caravan.provider.Provder",
        file("routes/acme.camel.yaml", PROVIDER.replace("Provider", "Provder") + whole));
  }

  private static void properties(String row, String text, String words) {
    add(row, "application.properties" + words, file("application.properties", text));
  }

  private static void settings() {
    properties("settings with a byte order mark", "\uFEFFcaravan.strict = true", " begins with a");
    properties("a backslash", "acme.folder = C:\\users", " can't be read: a backslash is written");
    properties(
        "a negative time", "caravan.retry.total = -5", ", line 1) is -5: it must be a number");
    properties(
        "a fraction", "caravan.retry.attempts = 2.5", ", line 1) is 2.5: it must be a whole");
    properties(
        "no equals sign", "caravan.strict true yes", ", line 1) is true yes: it must be true");
    properties(
        "a comment behind a value", "caravan.strict = true # now", ", line 1) is true # now");
    properties(
        "YAML in place of properties", "caravan:\n  prot: 9", ", line 1: this is YAML; a setting");
    properties(
        "a key in capitals", "Caravan.Port = 9", ", line 1: nothing reads Caravan.Port; did");
    add(
        "a directory in place of the settings",
        "application.properties is a directory, and must be a file",
        test -> Files.createDirectory(test.directory().resolve("application.properties")));
    add(
        "settings in a YAML file",
        "not loaded: application.yml, as settings are read from application.properties",
        file("application.yml", "caravan:\n  port: 9\n"));
    add(
        "a jar that is none",
        "lib/a.jar is no jar, or one that was cut off",
        file("lib/a.jar", "Not Found"));
    add(
        "a directory of recordings that is a file",
        "CARAVAN_RECORD_DIRECTORY is kept, which is no directory that can be written",
        file("kept", "", "CARAVAN_RECORD_ENABLED", "true", "CARAVAN_RECORD_DIRECTORY", "kept"));
    properties(
        "a key twice",
        "caravan.retry.total = 5\ncaravan.retry.total = 6",
        " sets caravan.retry.total more than once; the last one counts");
    properties(
        "a variable that nothing has set",
        "caravan.ledger.file = {{env:ACME_LEDGER}}",
        ", line 1: the variable ACME_LEDGER is not set");
  }

  private static void store(String row, String words, SetUp setUp) {
    add(
        row,
        words,
        test -> {
          set("CARAVAN_TLS_ENABLED", "true", "CARAVAN_TLS_KEY_STORE", "file:caravan.p12")
              .make(test);
          setUp.make(test);
        });
  }

  private static void stores() {
    store(
        "an empty key store",
        "CARAVAN_TLS_KEY_STORE is file:caravan.p12, which is neither PKCS#12 nor JKS",
        file("caravan.p12", ""));
    store(
        "a key store without a key",
        "CARAVAN_TLS_KEY_STORE is file:caravan.p12, which has no private key",
        test -> {
          test.keyStore();
          test.variables().put("CARAVAN_TLS_KEY_STORE_PASSWORD", "right");
        });
    store(
        "a key store without its password",
        "caravan.tls.key-store-password is not set, and file:caravan.p12 needs a password",
        test -> test.keyStore());
  }

  private static void services() {
    store(
        "a key store by its path of Windows",
        "CARAVAN_TLS_KEY_STORE is C:\\caravan.p12, which has no scheme that is known: write file:",
        set("CARAVAN_TLS_KEY_STORE", "C:\\caravan.p12"));
    add(
        "a search service without `http://`",
        "SEARXNG_URL: localhost:8080 has no http:// or https:// before it; did you mean"
            + " http://localhost:8080?",
        set("SEARXNG_URL", "localhost:8080"));
    add(
        "a trace collector without `http://`",
        "CARAVAN_TRACES_ENDPOINT: localhost:4318 has no http:// or https:// before it",
        set("CARAVAN_TRACES_ENABLED", "true", "CARAVAN_TRACES_ENDPOINT", "localhost:4318"));
    add(
        "a judge of no provider",
        "MODEL_JUDGE is acme/x: there is no",
        set("MODEL_JUDGE", "acme/x"));
  }
}
