package io.caravan.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.caravan.testkit.Ports;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import io.caravan.testkit.TlsFront;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A wrong set-up of docs/operate.md, with what surrounds it: a directory, variables, the words of
 * the command, an upstream, and a port that another program has.
 */
public final class WrongSetup implements AutoCloseable {
  private static final String LIST =
      "{\"data\":[{\"id\":\"qwen3.5:latest\"},{\"id\":\"gpt-oss:20b\"},{\"id\":\"gemma4:31b\"}]}";

  private final Path directory;
  private final ScriptedUpstream upstream;
  private final ServerSocket taken;
  private TlsFront front;
  private final Map<String, String> variables = new HashMap<>();
  private final List<String> command = new ArrayList<>();

  private WrongSetup(Path directory) throws IOException {
    this.directory = directory;
    taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    upstream = ScriptedUpstream.start();
    upstream.answerElse(
        request ->
            request.path().startsWith("/keyed")
                ? Script.json(401, "{\"error\":{\"message\":\"Unauthorized\"}}")
                : request.path().equals("/v1/models")
                    ? Script.json(200, LIST)
                    : Script.json(404, "404 page not found"));
    variables.put("MODEL", "ollama/qwen3.5");
    variables.put("CARAVAN_MODELS_LIST", "true");
    variables.put("OLLAMA_BASE_URL", upstream.url());
  }

  /** Makes a set-up in an empty directory. */
  public static WrongSetup make(String row, Path directory) throws Exception {
    WrongSetup made = new WrongSetup(directory);
    (SET_UPS.containsKey(row) ? SET_UPS.get(row) : FurtherSetups.of(row)).make(made);
    return made;
  }

  /** Returns the names of the set-ups of the document, and of others. */
  public static List<String> rows() {
    List<String> rows = new ArrayList<>(SET_UPS.keySet());
    rows.addAll(FurtherSetups.WORDS.keySet());
    return rows;
  }

  /** Returns the names of those of the document. */
  static List<String> ofDocument() {
    return List.copyOf(SET_UPS.keySet());
  }

  /** Returns what the document says that is read, by what is wrong. */
  static Map<String, String> document() throws IOException {
    String section =
        Files.readString(Path.of("docs/operate.md"))
            .split("\n## When the set-up is wrong\n", 2)[1]
            .split("\n## ", 2)[0];
    Map<String, String> said = new LinkedHashMap<>();
    for (String line : section.lines().filter(each -> each.startsWith("| ")).skip(1).toList()) {
      String[] cells = line.split(" \\| `", 2);
      said.put(cells[0].substring(2), cells[1].replaceFirst("` \\|$", ""));
    }
    return said;
  }

  /** Returns what is read of a set-up; {@code …} stands for any text of a line. */
  public static String words(String row) throws IOException {
    String documented = document().get(row);
    return documented == null ? FurtherSetups.WORDS.get(row) : documented;
  }

  Path directory() {
    return directory;
  }

  String takenPort() {
    return String.valueOf(taken.getLocalPort());
  }

  /** Puts TLS before the upstream, with a certificate of nobody known, and calls it by a scheme. */
  void tls(String scheme) throws Exception {
    Path store = directory.resolveSibling("upstream.p12");
    List<String> keytool = new ArrayList<>();
    keytool.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    keytool.addAll(
        List.of("-genkeypair", "-alias", "a", "-keyalg", "EC", "-dname", "CN=localhost"));
    keytool.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12"));
    keytool.addAll(List.of("-storepass", "password", "-ext", "SAN=ip:127.0.0.1"));
    if (new ProcessBuilder(keytool)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        != 0) {
      throw new IOException("keytool has made no certificate");
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(
        KeyStore.getInstance(store.toFile(), "password".toCharArray()), "password".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    front = new TlsFront(upstream.url());
    front.behave(front.with(context));
    variables.put("OLLAMA_BASE_URL", front.url().replaceFirst("https", scheme) + "/v1");
  }

  /** Returns the variables of the environment. */
  public Map<String, String> variables() {
    return variables;
  }

  /** Returns the words behind the jar. */
  public List<String> command() {
    return command;
  }

  @Override
  public void close() throws IOException {
    upstream.close();
    taken.close();
    if (front != null) {
      front.close();
    }
  }

  /** What makes a set-up wrong. */
  @FunctionalInterface
  interface SetUp {
    void make(WrongSetup test) throws Exception;
  }

  static SetUp set(String... pairs) {
    return test -> {
      for (int i = 0; i < pairs.length; i += 2) {
        test.variables.put(pairs[i], pairs[i + 1]);
      }
    };
  }

  static SetUp ollama(String suffix) {
    return test -> test.variables.put("OLLAMA_BASE_URL", test.origin() + suffix);
  }

  static SetUp file(String path, String text, String... pairs) {
    return test -> {
      Path file = test.directory.resolve(path);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
      set(pairs).make(test);
    };
  }

  static SetUp route(String name, String step) {
    return file(
        "routes/" + name,
        """
        - route:
            id: mine
            from:
              uri: direct:mine
              steps:
                - STEP
        """
            .replace("STEP", step));
  }

  private String origin() {
    return upstream.url().replaceFirst("/v1$", "");
  }

  private static final Map<String, SetUp> SET_UPS = new LinkedHashMap<>();

  static {
    upstreams();
    models();
    values();
    routes();
    files();
  }

  private static void upstreams() {
    SET_UPS.put(
        "a base URL without `http://`",
        test -> set("OLLAMA_BASE_URL", "localhost:" + Ports.free() + "/v1").make(test));
    SET_UPS.put("a base URL with the path of calls", ollama("/v1/chat/completions"));
    SET_UPS.put("a base URL with `/v1` twice", ollama("/v1/v1"));
    SET_UPS.put("a base URL without `/v1`", ollama(""));
    SET_UPS.put(
        "a base URL where nothing listens",
        test -> set("OLLAMA_BASE_URL", "http://127.0.0.1:" + Ports.free() + "/v1").make(test));
    SET_UPS.put(
        "a base URL of an unknown host", set("OLLAMA_BASE_URL", "http://no-such-host.invalid/v1"));
    SET_UPS.put(
        "`https://` at a port without TLS",
        test -> set("OLLAMA_BASE_URL", "https://127.0.0.1:" + test.plainHttp() + "/v1").make(test));
    SET_UPS.put(
        "a base URL in quotation marks, as docker's `--env-file` leaves them",
        test -> test.variables.put("OLLAMA_BASE_URL", '"' + test.upstream.url() + '"'));
    SET_UPS.put(
        "a base URL in application.properties",
        file("application.properties", "caravan.nim.base-url = localhost/v1\n", "MODEL", "nim/x"));
    SET_UPS.put("no key for a service that needs one", set("MODEL", "openrouter/z-ai/glm-5.3"));
    SET_UPS.put(
        "a key that is refused",
        test -> {
          set("MODEL", "vllm/x", "VLLM_API_KEY", "wrong").make(test);
          test.variables.put("VLLM_BASE_URL", test.origin() + "/keyed/v1");
        });
    SET_UPS.put(
        "a key in quotation marks", set("MODEL", "vllm/x", "VLLM_API_KEY", "\"secret-9f3a\""));
    SET_UPS.put("a proxy that is none", set("CARAVAN_UPSTREAM_PROXY", "localhost:3128"));
  }

  private static void models() {
    SET_UPS.put("a model that is not there", set("MODEL", "ollama/qwen3.6"));
    SET_UPS.put("a provider that is not there", set("MODEL", "olama/qwen3.5"));
    SET_UPS.put("a provider without a model", set("MODEL", "nim"));
    SET_UPS.put("a judge's route that is not there", set("CARAVAN_JUDGE_ROUTE", "direct:nope"));
    SET_UPS.put(
        "the route of a search service that is off",
        set("CARAVAN_WEB_SEARCH_ROUTE", "direct:search-searxng"));
  }

  private static void values() {
    SET_UPS.put(
        "a port that is taken",
        test -> set("CARAVAN_PORT", String.valueOf(test.taken.getLocalPort())).make(test));
    SET_UPS.put(
        "one port for both servers",
        test -> {
          String port = String.valueOf(Ports.free());
          set("CARAVAN_PORT", port, "CARAVAN_MANAGEMENT_PORT", port).make(test);
        });
    SET_UPS.put("a host that others reach, without client keys", set("CARAVAN_HOST", "0.0.0.0"));
    SET_UPS.put("a number that is none", set("CARAVAN_RETRY_ATTEMPTS", "many"));
    SET_UPS.put(
        "a time with a unit",
        file("application.properties", "caravan.upstream.connect-timeout = 5s\n"));
    SET_UPS.put("a switch that is neither on nor off", set("CARAVAN_STRICT", "yes please"));
    SET_UPS.put("a word that is none of the possible ones", set("CARAVAN_LOG_FORMAT", "xml"));
    SET_UPS.put("a limit that is no number", set("NIM_RATE_LIMIT", "forty"));
    SET_UPS.put(
        "a misspelt key in application.properties",
        file("application.properties", "caravan.prot = 9000\n"));
    SET_UPS.put(
        "a variable's name in application.properties",
        file("application.properties", "MODEL = ollama/qwen3.5\n"));
    SET_UPS.put("a misspelt variable", set("CARAVAN_PROT", "9000"));
    SET_UPS.put("a misspelt option", test -> test.command.addAll(List.of("--prot", "9000")));
  }

  private static void routes() {
    SET_UPS.put(
        "a route file with a tab",
        file("routes/providers/acme.camel.yaml", "- beans:\n\t- name: acme\n"));
    SET_UPS.put("a route file with another ending", route("mine.yaml", "log: hello"));
    SET_UPS.put(
        "two routes with one id",
        file(
            "routes/mine.camel.yaml",
            """
            - route:
                id: messages
                from:
                  uri: direct:mine
                  steps:
                    - log: hello
            """));
    SET_UPS.put(
        "a step that names a bean that is not there",
        route("mine.camel.yaml", "process: {ref: notThere}"));
    SET_UPS.put(
        "a step that calls a component that is not there",
        route("mine.camel.yaml", "to: kafkaa:topic"));
  }

  private static void files() {
    SET_UPS.put("TLS without its key store", set("CARAVAN_TLS_ENABLED", "true"));
    SET_UPS.put(
        "TLS with a PEM file",
        file(
            "cert.pem",
            "-----BEGIN CERTIFICATE-----\n",
            "CARAVAN_TLS_ENABLED",
            "true",
            "CARAVAN_TLS_KEY_STORE",
            "file:cert.pem"));
    SET_UPS.put(
        "TLS with another password",
        test -> {
          test.keyStore();
          set(
                  "CARAVAN_TLS_ENABLED",
                  "true",
                  "CARAVAN_TLS_KEY_STORE",
                  "file:caravan.p12",
                  "CARAVAN_TLS_KEY_STORE_PASSWORD",
                  "wrong")
              .make(test);
        });
    SET_UPS.put(
        "a file of client keys that is not there", set("CARAVAN_CLIENT_KEYS_FILE", "no-such-keys"));
    SET_UPS.put(
        "a line of that file that is none",
        file("keys", "sha256:0123 name=ann\n", "CARAVAN_CLIENT_KEYS_FILE", "keys"));
  }

  /** Returns the port of a server that answers each first byte in plain HTTP, as most do. */
  private int plainHttp() {
    Thread thread =
        new Thread(
            () -> {
              while (!taken.isClosed()) {
                try (Socket client = taken.accept()) {
                  client.getInputStream().read();
                  client
                      .getOutputStream()
                      .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
                } catch (IOException e) {
                  // The test is over, or the client has left.
                  return;
                }
              }
            });
    thread.setDaemon(true);
    thread.start();
    return taken.getLocalPort();
  }

  /** Makes a key store without a key. */
  void keyStore() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (OutputStream out = Files.newOutputStream(directory.resolve("caravan.p12"))) {
      store.store(out, "right".toCharArray());
    }
  }
}
