package io.caravan.translate.request;

import io.caravan.anthropic.Tool;
import io.caravan.json.RawJson;
import io.caravan.provider.Dialect;
import io.caravan.provider.SchemaForm;
import io.caravan.translate.request.schema.ArgumentRenamer;
import io.caravan.translate.request.schema.FittedSchema;
import io.caravan.translate.request.schema.ParameterNames;
import io.caravan.translate.request.schema.SchemaFitter;
import io.caravan.translate.request.schema.SchemaLadder;
import io.caravan.translate.request.schema.SchemaRules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The schemas of one request, in the form in which the upstream gets them. */
public final class SentSchemas {
  /** An instance for a request without schemas. */
  static final SentSchemas NONE =
      new SentSchemas(
          new SchemaFitter(), new SchemaRules(SchemaForm.FULL, List.of(), false, List.of()));

  private final SchemaFitter fitter;
  private final SchemaRules rules;
  private final List<RawJson> originals = new ArrayList<>();
  private final Map<String, FittedSchema> renamed = new LinkedHashMap<>();
  private RawJson output;
  private boolean reducesOutput;

  private SentSchemas(SchemaFitter fitter, SchemaRules rules) {
    this.fitter = fitter;
    this.rules = rules;
  }

  /**
   * @param output the schema of the response, or null
   * @param reducesOutput whether that is reduced as well
   */
  static SentSchemas of(
      SchemaFitter fitter, ToolPlan tools, RawJson output, boolean reducesOutput, Dialect dialect) {
    SentSchemas schemas = new SentSchemas(fitter, SchemaRules.of(dialect));
    schemas.output = output;
    schemas.reducesOutput = reducesOutput;
    for (Tool tool : tools.tools()) {
      schemas.originals.add(schema(tool));
      FittedSchema fitted = schemas.of(tool);
      if (fitted.names() != null) {
        schemas.renamed.put(tool.name(), fitted);
      }
    }
    return schemas;
  }

  private static RawJson schema(Tool tool) {
    BuiltInTools builtIn = tool.custom() ? null : BuiltInTools.find(tool.type());
    return builtIn == null ? tool.inputSchema() : builtIn.schema();
  }

  /** Returns the schema of a tool. */
  FittedSchema of(Tool tool) {
    return fitter.fit(schema(tool), rules);
  }

  /** Returns the schema of the response. */
  RawJson output(RawJson schema) {
    return reducesOutput ? fitter.fitResponse(schema, rules).schema() : schema;
  }

  /** Returns an earlier call's input under the upstream's names. */
  RawJson renamed(String tool, RawJson input) {
    ParameterNames names = names(tool);
    if (names == null) {
      return input;
    }
    ArgumentRenamer renamer = names.toUpstream();
    return RawJson.of(renamer.accept(input.toString()) + renamer.end());
  }

  /**
   * Returns the aliases of a tool's parameters, or null if none has one.
   *
   * @param tool the client's name
   */
  public ParameterNames names(String tool) {
    FittedSchema fitted = renamed.get(tool);
    return fitted == null ? null : fitted.names();
  }

  /** Returns whether any tool has a parameter under another name. */
  public boolean isRenamed() {
    return !renamed.isEmpty();
  }

  /**
   * Returns the schema under whose names a model writes a tool's arguments.
   *
   * @param tool the client's name
   * @param original the client's schema
   */
  public RawJson written(String tool, RawJson original) {
    FittedSchema fitted = renamed.get(tool);
    return fitted == null ? original : fitted.schema();
  }

  /** Returns the smaller forms that are left, for a refusal. */
  public SchemaLadder ladder() {
    return new SchemaLadder(fitter, rules, originals, output, reducesOutput);
  }
}
