"""Sentences in which only a parse can tell a person from a product, written for the `nlp` extra and for nothing else.

`BLAMING` and `INNOCENT` were written before its rules and are what the rules were tuned on; `HELD_BLAMING` and
`HELD_INNOCENT` were written at the same time and tried when the rules were done. None is an example of a rule.
"""

from __future__ import annotations

from collections.abc import Mapping

BLAMING: Mapping[str, tuple[str, ...]] = {
    "a name": (
        "The outage was triggered by John, who had the wrong terminal open.",
        "Priya assumed the feed was already adjusted for the split.",
        "Marcus never got round to renewing the certificate.",
        "It was Tom's idea to skip the dry run.",
        "Sofia's oversight left the kill switch unarmed.",
        "Ahmed thought staging and production were the same account.",
        "Wei underestimated how fast the spread would widen.",
        "Karen and Luis could not be bothered to reconcile the fills.",
    ),
    "a nickname of a role": (
        "The night owl on shift dozed off before the close.",
        "Whoever had the pager let it ring out.",
        "The new kid fat-fingered the quantity.",
        "Our prompt guru fudged the few-shot examples.",
        "The rates guys jumped in with both feet and doubled the hedge.",
        "The graveyard shift sat on the alert for an hour.",
        "Some genius pointed the live agent at the sandbox feed.",
        "The model whisperer got carried away with the temperature.",
        "The big boss brushed the warning aside.",
    ),
    "an unusual verb": (
        "The quant glossed over the survivorship bias in the backtest.",
        "The trader clung to the position long after the thesis had broken.",
        "An engineer eyeballed the migration and called it good.",
        "The reviewer skimmed the diff and clicked approve.",
        "The operator second-guessed the gate and switched it off.",
        "The analyst conflated operating income with net income.",
        "We banked on the vendor catching it.",
        "The desk head talked the risk people into lifting the cap.",
    ),
    "in the passive": (
        "The stop was moved by Elena without telling anyone.",
        "The limit was raised by Daniel on a hunch.",
        "The restated filing was mixed up with the original by the analyst.",
        "The alert had been silenced by somebody who was tired of the noise.",
        "The half-day was lost sight of by everyone on the call.",
    ),
}

INNOCENT: Mapping[str, tuple[str, ...]] = {
    "a product or a ticker": (
        "Grafana did not show the missing series.",
        "Kafka forgot the committed offsets after the retention period.",
        "Dependabot overlooked the transitive dependency.",
        "Redis evicted the session keys under memory pressure.",
        "Jenkins ignored the exit code of the second stage.",
        "Airflow skipped the daily task because the sensor had timed out.",
        "SYNTHETIC_A fell 4 percent before the halt.",
        "SYNB missed consensus by two cents.",
        "Prometheus missed eleven scrapes during the upgrade.",
        "The quote was rejected by Envoy with status 503.",
        "Kafka's failure to elect a leader stalled the consumers.",
        "Airflow assumed the time zone of the host.",
        "Claude misread the table and returned thousands as millions.",
        "Gemini decided to call the order tool twice.",
        "The image was built by Jenkins without the lock file.",
        "Snowflake rejected the load because a column was missing.",
        "Terraform destroyed the old queue when the module was renamed.",
        "Datadog dropped the tag, so the monitor saw no data.",
        "Renovate merged the bump after the checks had passed.",
        "Ray killed the worker for using too much memory.",
        "Celery lost the task when the broker restarted.",
        "Vault refused the token because its lease had run out.",
        "The spike was caused by Kafka, which had rebalanced.",
        "Julia in the notebook image was two minor versions behind.",
        "Opsgenie paged the secondary after five minutes.",
        "Spark guessed the column type from the first hundred rows.",
        "GitHub Actions did not check out the submodule.",
    ),
    "a name, neutral": (
        "Anna opened the ticket at 09:12 and attached the trace.",
        "The halt was confirmed by David at 14:03.",
        "Yusuf and the desk agreed to flatten before the close.",
    ),
}

HELD_BLAMING: Mapping[str, tuple[str, ...]] = {
    "a name": (
        "Olga trusted a number she had not looked up.",
        "Hassan's sloppy merge put the old prompt back.",
        "Ingrid took the model's word for it.",
        "Pavel had muted the channel and forgot about it.",
        "Chen mistook the trailing figure for the guidance.",
        "Rosa presumed that somebody else was on it.",
    ),
    "a nickname of a role": (
        "The night crew nodded off.",
        "The greenhorn on the desk pulled the trigger too soon.",
        "The feed wizard winged the calibration.",
        "Compliance dragged its feet on the request.",
        "The old hands shrugged off the drift report.",
    ),
    "an unusual verb": (
        "The responder tunnelled on the gateway and lost forty minutes.",
        "The developer papered over the failing test.",
        "The portfolio manager doubled down out of pride.",
        "The operator gambled that the feed would come back.",
    ),
    "in the passive": (
        "The wrong basket was sent by Peter at the open.",
        "The backfill was botched by Nadia.",
        "The warnings were laughed off by the trading floor.",
        "The footnote was glossed over by the analyst.",
        "The rollback was sat on by the release manager.",
    ),
}

HELD_INNOCENT: Mapping[str, tuple[str, ...]] = {
    "a product or a ticker": (
        "Kubernetes evicted the pod and ignored its disruption budget.",
        "Flink mistook late events for new ones.",
        "Dask assumed that the file was local.",
        "Sentry overlooked the grouped exceptions.",
        "The report was written by Copilot and checked by two reviewers.",
        "Mistral misread the date format.",
        "Llama decided that the sell order was already filled.",
        "Nagios never noticed the stale check.",
        "Hermes, the order router, dropped three acknowledgements.",
        "Atlas trusted the clock of the gateway.",
        "SYNC lost 3 percent on the day.",
        "Polygon rejected the subscription.",
        "Bloomberg was late with the correction.",
        "The batch was skipped by Airflow because its parent had failed.",
        "Jenkins' failure to publish the artefact was not retried by the pipeline.",
        "Zipkin lost the parent span.",
        "Dependabot's mistake was caught by the gate.",
    ),
    "a name, neutral": (
        "Maria joined the call at 10:05 and restarted the gateway.",
        "Peter confirmed the fill with the broker.",
        "Samira believed that the halt was real because the banner said so.",
    ),
}
