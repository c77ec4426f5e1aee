package io.caravan.translate.request.schema;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.caravan.json.JsonTree;
import io.caravan.json.JsonWriter;
import io.caravan.json.RawJson;
import io.caravan.provider.SchemaForm;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Fits schemas to an upstream. A client sends the same tools with every request, so the results are
 * kept for a while. It is safe for use by many threads.
 */
public final class SchemaFitter {
  /** The most bytes of schemas whose results are kept. */
  private static final int KEPT_BYTES = 2 * 1024 * 1024;

  private static final Duration KEPT_FOR = Duration.ofMinutes(30);

  private final Cache<Key, FittedSchema> fitted =
      Caffeine.newBuilder()
          .executor(Runnable::run)
          .maximumWeight(KEPT_BYTES)
          .weigher((Key key, FittedSchema value) -> key.json.length())
          .expireAfterAccess(KEPT_FOR)
          .build();

  /** A schema's bytes, and the rules for it. */
  private static final class Key {
    private final RawJson json;
    private final SchemaRules rules;
    private final int hash;

    Key(RawJson json, SchemaRules rules) {
      this.json = json;
      this.rules = rules;
      int code = rules.hashCode();
      for (int i = json.offset(); i < json.offset() + json.length(); i++) {
        code = 31 * code + json.buffer()[i];
      }
      hash = code;
    }

    private Key(Key other) {
      int from = other.json.offset();
      byte[] own = Arrays.copyOfRange(other.json.buffer(), from, from + other.json.length());
      json = new RawJson(own, 0, own.length);
      rules = other.rules;
      hash = other.hash;
    }

    @Override
    public boolean equals(Object object) {
      return object instanceof Key other
          && hash == other.hash
          && rules.equals(other.rules)
          && Arrays.equals(
              json.buffer(),
              json.offset(),
              json.offset() + json.length(),
              other.json.buffer(),
              other.json.offset(),
              other.json.offset() + other.json.length());
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  /** Fits the schema of a tool's parameters. */
  public FittedSchema fit(RawJson schema, SchemaRules rules) {
    if (rules.copies()) {
      return FittedSchema.unchanged(schema);
    }
    Key key = new Key(schema, rules);
    FittedSchema known = fitted.getIfPresent(key);
    if (known == null) {
      // The request's buffer is much larger than the schema in it.
      Key own = new Key(key);
      known = compute(own.json, rules);
      fitted.put(own, known);
    }
    return known.changed() ? known : FittedSchema.unchanged(schema);
  }

  /** Fits the schema of a response, which the client reads as it is. */
  public FittedSchema fitResponse(RawJson schema, SchemaRules rules) {
    return fit(schema, rules.ofResponse());
  }

  private static FittedSchema compute(RawJson schema, SchemaRules rules) {
    Object tree = JsonTree.read(schema);
    ParameterNames names = ParameterNames.of(tree, rules.reserved());
    Object fitting = names == null ? tree : names.renamed(tree);
    Leaving leaving = new Leaving(rules);
    fitting = rules.without().isEmpty() ? fitting : Subschemas.change(fitting, leaving);
    boolean lost = leaving.lost;
    switch (rules.form()) {
      case FULL -> {}
      case REDUCED -> {
        SchemaReducer reducer = new SchemaReducer();
        fitting = reducer.reduced(fitting);
        lost |= reducer.lost();
      }
      case GEMINI, PLAIN -> {
        GeminiSchema gemini = new GeminiSchema(fitting);
        fitting = gemini.reduced();
        lost |= gemini.lost();
      }
    }
    if (rules.form() == SchemaForm.PLAIN) {
      PlainSchema plain = new PlainSchema();
      fitting = plain.of(fitting);
      lost |= plain.lost();
    }
    boolean gone = has("properties", tree) && !has("properties", fitting);
    fitting = rules.properties() || gone ? withProperties(fitting) : fitting;
    if (fitting.equals(tree)) {
      return FittedSchema.unchanged(schema);
    }
    RawJson written = new JsonWriter(schema.length() + 64).tree(fitting).finish();
    return new FittedSchema(written, true, lost, names);
  }

  private static boolean has(String member, Object schema) {
    return schema instanceof Map<?, ?> map && map.get(member) instanceof Map<?, ?>;
  }

  /** Leaves keywords out. */
  private static final class Leaving implements UnaryOperator<Map<String, Object>> {
    private final SchemaRules rules;
    private boolean lost;

    Leaving(SchemaRules rules) {
      this.rules = rules;
    }

    @Override
    public Map<String, Object> apply(Map<String, Object> schema) {
      lost |= schema.keySet().removeAll(rules.without());
      return schema;
    }
  }

  /**
   * Makes a schema an object with properties, at the top alone (icebear0828/codex-proxy#22), also
   * where the smaller forms leave out empty ones.
   */
  private static Object withProperties(Object schema) {
    if (!(schema instanceof Map<?, ?> map)) {
      return schema;
    }
    Map<String, Object> out = new LinkedHashMap<>();
    map.forEach((key, value) -> out.put((String) key, value));
    if (!(out.get("type") instanceof String)) {
      out.put("type", "object");
    }
    if (!(out.get("properties") instanceof Map<?, ?>)) {
      out.put("properties", new LinkedHashMap<>());
    }
    return out;
  }
}
