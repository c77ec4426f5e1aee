package io.caravan;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The direction of dependencies: protocols know nothing of the translation, and none of them of
 * Camel or HTTP.
 */
@AnalyzeClasses(packages = "io.caravan", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String[] PURE = {
    "io.caravan.json..",
    "io.caravan.anthropic..",
    "io.caravan.openai..",
    "io.caravan.translate..",
    "io.caravan.markup..",
    "io.caravan.tokens..",
    "io.caravan.local..",
    "io.caravan.limits.."
  };

  @ArchTest
  static final ArchRule TRANSLATION_KNOWS_NO_CAMEL_AND_NO_HTTP =
      noClasses()
          .that()
          .resideInAnyPackage(PURE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.camel..", "io.vertx..", "org.apache.hc..", "java.net.http..");

  @ArchTest
  static final ArchRule NOTHING_BELOW_USES_THE_STAGES =
      noClasses()
          .that()
          .resideInAnyPackage(PURE)
          .or()
          .resideInAPackage("io.caravan.http..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.caravan.stage..");

  @ArchTest
  static final ArchRule PROTOCOLS_DO_NOT_KNOW_EACH_OTHER =
      noClasses()
          .that()
          .resideInAPackage("io.caravan.anthropic..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.caravan.openai..", "io.caravan.translate..", "io.caravan.http..");

  @ArchTest
  static final ArchRule UPSTREAM_PROTOCOL_STANDS_ALONE =
      noClasses()
          .that()
          .resideInAPackage("io.caravan.openai..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.caravan.anthropic..", "io.caravan.translate..", "io.caravan.http..");

  @ArchTest
  static final ArchRule TRANSLATION_KNOWS_NO_LIMITS_AND_NO_COUNTING =
      noClasses()
          .that()
          .resideInAPackage("io.caravan.translate..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.caravan.limits..", "io.caravan.tokens..", "io.caravan.markup..");

  @ArchTest
  static final ArchRule LIMITS_STAND_ALONE =
      noClasses()
          .that()
          .resideInAPackage("io.caravan.limits..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.caravan.anthropic..",
              "io.caravan.openai..",
              "io.caravan.translate..",
              "io.caravan.http..");

  /** To load a class takes those it extends, and other runtimes bring their own server. */
  @ArchTest
  static final ArchRule NOTHING_IS_MADE_OF_CAMEL_MAINS_SERVER =
      noClasses()
          .should()
          .beAssignableTo(resideInAPackage("org.apache.camel.component.platform.http.main.."));

  @ArchTest
  static final ArchRule NO_CIRCLES =
      slices().matching("io.caravan.(*)..").should().beFreeOfCycles();
}
