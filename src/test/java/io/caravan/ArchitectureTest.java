package io.caravan;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;

/**
 * The walls between the rooms: protocols know nothing of the translation, none of them of Camel or
 * HTTP, and no arrow climbs from what is used to what uses it.
 */
@AnalyzeClasses(packages = "io.caravan", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final int ROOM = 40;

  private static final String[] PURE = {
    "io.caravan.json..",
    "io.caravan.anthropic..",
    "io.caravan.openai..",
    "io.caravan.provider..",
    "io.caravan.translate..",
    "io.caravan.markup..",
    "io.caravan.tokens..",
    "io.caravan.local..",
    "io.caravan.limits..",
    "io.caravan.judge",
    "io.caravan.servertools..",
    "io.caravan.web"
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

  /** An application with another log links all other classes: Quarkus has its own. */
  @ArchTest
  static final ArchRule ONLY_ITS_ROOM_KNOWS_A_LOG =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.caravan.log")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.logging..", "ch.qos.logback..");

  @ArchTest
  static final ArchRule NOTHING_BELOW_USES_THE_EXCHANGE =
      noClasses()
          .that()
          .resideInAnyPackage(PURE)
          .or()
          .resideInAPackage("io.caravan.http..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.caravan.exchange..",
              "io.caravan.models..",
              "io.caravan.stage..",
              "io.caravan.failover..",
              "io.caravan.metrics..",
              "io.caravan.demo..",
              "io.caravan.app..",
              "io.caravan.launch..",
              "io.caravan.doctor..",
              "io.caravan.scout..");

  @ArchTest
  static final ArchRule THE_EXCHANGE_KNOWS_NO_STAGE =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.caravan.exchange..", "io.caravan.models..", "io.caravan.metrics..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.caravan.stage..",
              "io.caravan.failover..",
              "io.caravan.demo..",
              "io.caravan.app..",
              "io.caravan.launch..",
              "io.caravan.doctor..",
              "io.caravan.scout..");

  @ArchTest
  static final ArchRule STAGES_KNOW_THE_CONTRACT_AND_NOT_WHO_RUNS_THEM =
      noClasses()
          .that()
          .resideInAPackage("io.caravan.stage..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.caravan.failover..",
              "io.caravan.app..",
              "io.caravan.launch..",
              "io.caravan.doctor..",
              "io.caravan.scout..");

  @ArchTest
  static final ArchRule NOBODY_CALLS_A_STAGE_BUT_ITS_ROUTE =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.caravan.stage..", "io.caravan.app..", "io.caravan.doctor..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.caravan.stage..");

  @ArchTest
  static final ArchRule A_STAGE_IS_A_STEP_OF_A_ROUTE =
      classes()
          .that()
          .resideInAPackage("io.caravan.stage..")
          .and()
          .arePublic()
          .should()
          .beAssignableTo(
              describe(
                  "a Processor, an Expression or a Predicate",
                  type ->
                      type.isAssignableTo(Processor.class)
                          || type.isAssignableTo(Expression.class)
                          || type.isAssignableTo(Predicate.class)));

  @ArchTest
  static final ArchRule PROTOCOLS_DO_NOT_KNOW_EACH_OTHER =
      noClasses()
          .that()
          .resideInAPackage("io.caravan.anthropic..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.caravan.openai..",
              "io.caravan.provider..",
              "io.caravan.translate..",
              "io.caravan.http..");

  @ArchTest
  static final ArchRule UPSTREAM_PROTOCOL_STANDS_ALONE =
      noClasses()
          .that()
          .resideInAPackage("io.caravan.openai..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.caravan.anthropic..",
              "io.caravan.provider..",
              "io.caravan.translate..",
              "io.caravan.http..");

  @ArchTest
  static final ArchRule PROVIDERS_KNOW_THE_WIRE_ALONE =
      noClasses()
          .that()
          .resideInAPackage("io.caravan.provider..")
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
  static final ArchRule REQUESTS_ARE_TRANSLATED_WITHOUT_RESPONSES =
      noClasses()
          .that()
          .resideInAPackage("io.caravan.translate.request..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.caravan.translate.response..", "io.caravan.translate.error..");

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
              "io.caravan.provider..",
              "io.caravan.translate..",
              "io.caravan.http..");

  @ArchTest
  static final ArchRule REDIS_IS_IN_ONE_ROOM =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.caravan.limits.redis..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.lettuce..");

  @ArchTest
  static final ArchRule LIMITS_OF_ONE_PROCESS_KNOW_NO_REDIS =
      noClasses()
          .that()
          .resideInAnyPackage("io.caravan.limits.upstream..", "io.caravan.limits.client..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.caravan.limits.redis..");

  @ArchTest
  static final ArchRule MARKUP_IS_A_CLOSED_ROOM =
      classes()
          .that()
          .resideInAPackage("io.caravan.markup..")
          .and()
          .haveNameNotMatching(".*\\.(MarkupRecovery|MarkupSettings|MarkupDocument)")
          .should()
          .notBePublic();

  /** To load a class takes those it extends, and other runtimes bring their own server. */
  @ArchTest
  static final ArchRule NOTHING_IS_MADE_OF_CAMEL_MAINS_SERVER =
      noClasses()
          .should()
          .beAssignableTo(resideInAPackage("org.apache.camel.component.platform.http.main.."));

  @ArchTest
  static final ArchRule NO_CIRCLES = slices().matching("io.caravan.(**)").should().beFreeOfCycles();

  /** Who reads the name of one need not ask in which package it is. */
  @ArchTest
  static void noTwoClassesHaveOneName(JavaClasses classes) {
    assertThat(
            classes.stream()
                .filter(JavaClass::isTopLevelClass)
                .map(JavaClass::getSimpleName)
                .filter(name -> !name.equals("package-info")))
        .doesNotHaveDuplicates();
  }

  /** Markup's closed room has more: three public types, one way of writing a file. */
  @ArchTest
  static void aRoomHasAtMost40Files(JavaClasses classes) {
    Map<String, Long> files =
        classes.stream()
            .filter(JavaClass::isTopLevelClass)
            .filter(type -> !type.getSimpleName().equals("package-info"))
            .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
    files.remove("io.caravan.markup");

    assertThat(files)
        .allSatisfy((room, count) -> assertThat(count).as(room).isLessThanOrEqualTo(ROOM));
  }
}
