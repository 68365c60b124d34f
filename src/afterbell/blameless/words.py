"""The vocabularies that the rules are built from: who is a person, what is a failing, what is part of a system.

Each is an alternation for a regular expression. No name of any person stands here: a name cannot be told from a
product's without a model, so a capitalised word counts as one only before predicates that fit nothing but people.
"""

from __future__ import annotations

S = r"\s{1,8}"
"""White space between two words, bounded so that every pattern stays linear."""

ROLES = (
    r"operators?|engineers?|developers?|reviewers?|approvers?|technicians?|admins?|administrators?|sysadmins?"
    r"|programmers?|coders?|analysts?|traders?|quants?|researchers?|owners?|authors?|committers?|maintainers?"
    r"|responders?|facilitators?|contractors?|employees?|supervisors?|managers?|interns?|juniors?|colleagues?"
    r"|co-?workers?|team-?mates?|members?|staff|personnel|management|leadership|teams?|sres?|dbas?|devops|ops"
    r"|(?:the|our|tech|team|shift|project|engineering)\s{1,8}leads?|incident\s{1,8}commander|desk|on-?calls?|humans?"
    r"|persons?|testers?|qa|architects?|consultants?|officers?|guys?|hires?|newcomers?|trainees?|scientists?"
    r"|specialists?|directors?|executives?|clerks?|auditors?|crew|boss|c[etfir]os?|ciso|night\s{1,8}shift|day\s{1,8}shift"
)
NICKNAMES = (
    r"kids?|lads?|gurus?|genius(?:es)?|whisperers?|wizards?|rookies?|newbies?|greenhorns?|veterans?|hero(?:es)?|cowboys?"
    r"|hotshots?|know-it-alls?|ninjas?|bigwigs?|higher-ups|folks|people|gang|bosses|chiefs?|man|men|woman|women|lady|ladies"
    r"|boys?|girls?|graduates?|freelancers?|temps|babysitters?|firefighters?|sales(?:man|men|people)"
    r"|(?:night|early)\s{1,8}(?:owls?|birds?)|(?:old|new|fresh|safe)\s{1,8}hands?|big\s{1,8}shots?|new\s{1,8}faces?"
    r"|(?:desk|team|risk|trading|department|group|shift|engineering|platform)\s{1,8}heads?|trading\s{1,8}floor"
    r"|(?:graveyard|late|early|weekend|morning|evening)\s{1,8}shift"
)
"""What people call people. Only a parse can use them: as words they are too common."""

DEPARTMENTS = r"support|compliance|operations|legal|treasury|sales|marketing|procurement|engineering|security|risk"
"""Bare, as a subject, these stand for the people in them."""

PRONOUNS = r"someone|somebody|no\s{1,8}one|nobody|anyone|everyone|everybody|he|she|we|i|you|@[\w-]{1,39}"
_FUNCTION = (
    r"the|an?|and|or|but|nor|so|because|that|which|when|while|whether|if|as|to|of|in|on|at|by|for|from|with|into|than"
    r"|is|are|was|were|be|been|has|had|have|did|do|does|not|no|then|after|before|until|where|since|though|although"
    r"|its|via|under|between|against|about|through"
)
_MODIFIERS = rf"(?:(?!(?:{_FUNCTION})(?![\w-]))[\w/-]{{1,30}}\s{{1,8}}){{0,3}}?"
_PROGRAMS = (
    "prometheus kubernetes k8s helm etcd postgres postgresql mysql redis kafka elastic mongodb vault crd custom"
    " alert secret secrets package session cluster resource cache connection transaction traffic certificate key"
    " password queue memory process lock device fleet federation replica raft quorum set"
)
NO_PROGRAM = "".join(rf"(?<!\b{name}\s)" for name in _PROGRAMS.split())
"""Before "operator", "manager" or "member" these make the name of a program."""

PEOPLE = (
    r"(?<![\w@-])"
    rf"(?:(?:(?:the|an?|our|one|another|some|that|this|which|his|her|their|my)\s{{1,8}})?{_MODIFIERS}{NO_PROGRAM}(?<![\w-])(?:{ROLES})"
    rf"|{PRONOUNS})(?!['\u2019]s?\b)(?![\w-])"
)
"""A noun phrase whose head is a person or a role; "the operator's laptop" and "operator-sdk" have another head."""

_NOT_SUBJECT = "".join(
    rf"(?<!\b{word}\s{article})"
    for word in ("for", "to", "by", "with", "from", "via", "against", "about", "between")
    for article in ("", r"the\s", r"an\s", r"a\s", r"our\s")
)
PERSON = _NOT_SUBJECT + PEOPLE
"""The same where it can be the subject of what follows: not the object of a preposition."""

NOBODY = (
    rf"(?<![\w-])(?:nobody|no(?:\s{{1,8}}|-)one|(?:none|neither|not\s{{1,8}}one|few){S}of{S}{PEOPLE}"
    rf"|no{S}{_MODIFIERS}(?<![\w-])(?:{ROLES})(?![\w-]))"
)
"""Everybody, by way of a negation: "nobody", "no operator", "none of the reviewers"."""

ASIDE = (
    r"(?:,?\s{1,8}(?:who|on|at|of|in|from|for|with|under|during|doing|while|working|unfamiliar|new|trying|performing|assigned|responsible|involved"
    r"|and\s{1,8}the\s{1,8}\w{1,20})\b(?:(?!\b(?:which|that|because|but|when)\b)[^.;:!?\n]){0,60}?,?)?"
)
"""What may stand between the subject and its verb: "on duty", "who deployed it", "under time pressure"."""

ADVERB = (
    r"accidentally|mistakenly|inadvertently|unintentionally|erroneously|wrongly|wrongfully|incorrectly|carelessly"
    r"|improperly|blindly|hastily|negligently|unknowingly|unwittingly|mindlessly|recklessly|lazily|foolishly"
    r"|sloppily|falsely|naively"
)
SLIP = r"accidentally|mistakenly|inadvertently|unintentionally|unwittingly|carelessly|negligently"
"""Adverbs that say somebody erred even where nobody is named."""

DUTY = (
    r"check|verify|test|monitor|review|validate|watch|notice|follow|read|update|document|confirm|inspect|look"
    r"|pay|respond|react|act|escalate|communicate|tell|inform|notify|warn|ask|consider|realise|realize"
    r"|understand|catch|spot|see\s{1,8}(?:the|that)|close|exit|halt|stop|set|add|copy|run|remember|bother|care"
    r"|double-?check|anticipate|foresee|recognise|recognize|complete|finish|clean|remove|revert|roll|configure|do"
)
RECEIVED = (
    r"have|receive|get|need|feel|want|expect|experience|observe|find|see\s{1,8}(?:any|no|an?)\b|hear|lose|own|agree"
    r"|help|affect|cause|impact|require|lead|matter|intend|yet|think|believe|know"
)
"""Verbs whose negation says what a person was not given, not what a person left undone."""

NOT_GIVEN = (
    r"received?|had|seen|saw|experienced|got|gotten|heard|found|needed|intended|expected|observed|encountered|wanted"
    r"|been\s{1,8}(?:told|informed|notified|paged|given|shown|asked|granted|trained|able|contacted|alerted)"
)
"""What somebody never got: it says what the system did not give."""

BAD = (
    r"wrong|bad|incorrect|faulty|broken|buggy|flawed|untested|unreviewed|invalid|defective|erroneous|outdated"
    r"|unsafe|dangerous|poor|malformed|mistaken|typoed"
)
LET_IN = (
    r"approved|pushed|deployed|merged|released|shipped|committed|entered|typed|ran|executed|configured|set|selected"
    r"|chose|picked|used|applied|copied|introduced|submitted|uploaded|wrote|sent|issued|placed|signed(?:\s{1,8}off)?"
    r"|accepted|made|gave|rolled\s{1,8}out|clicked|built|pasted|bought|sold"
)
"""Acts that bring something bad into the world; restarting or deleting what is broken is a repair."""

MENDED = (
    r"identif|found|notic|correct|fix|replac|revert|restor|detect|discover|report|spott|investigat|test|reject|refus"
    r"|block|cancel|stopp|halt|observ|receiv|need|confirm|suspect|describ|flagg|repair|prevent|point|not(?:ed|ice)|mention"
    r"|explain|show|learn|realis|realiz|determin|conclud|agree|recover|roll"
)
"""Beginnings of verbs of finding and mending: what follows is what they dealt with, not what they did wrong."""

DID = (
    rf"(?!{MENDED})(?:[\w-]{{2,20}}ed|ran|sent|wrote|put|set|took|made|chose|gave|left|let|kept|went|built|sold|bought|held"
    r"|cut|drew|shut|lost|threw|spent|overrode|overwrote)"
)
GAP = (
    r"(?:(?!(?:for|because|after|that|which|until|when|fix\w{0,5}|patch\w{0,5}|correct\w{0,5}|revert\w{0,5}|hotfix|workaround"
    r"|replacement|rollback|tests?|alerts?|ticket|report|issue|to(?!\s{1,8}(?:the|an?)\s))(?![\w-]))"
    r"[\w*`'\u2019/-]{1,20},?\s{1,8}){0,4}?"
)
"""Words between an act and what it acted upon, unless they say that it was a repair."""

CLAUSE = r"(?:(?!\b(?:that|which|because|how|when|if|where|whether|who)\b)[^.;:!?\n])"
"""One character of the same clause."""

MACHINE = (
    r"agents?|\w{0,12}bots?|models?|llms?|systems?|algos?|algorithms?|strateg(?:y|ies)|loops?|ais?|assistants?|gpt[\w.-]{0,12}"
    r"|claude|gemini|code|pipelines?|script"
)
_ADJECTIVE = (
    r"automated|dedicated|limited|shared|improved|distributed|centrali[sz]ed|standardi[sz]ed|detailed|advanced|managed"
    r"|restricted|increased|replicated|versioned|documented|isolated|simulated|trusted|signed|scheduled|unified"
)
PARTICIPLE = (
    r"been|done|known|seen|caught|taken|made|kept|thought|told|written|read|run|set|put|held|sold|bought|gone|given|paid"
    r"|left|built|sent|shut|cut|overridden|chosen|spoken|stood|let|met"
    rf"|(?!(?:{_ADJECTIVE})\s{{1,8}}(?!(?:the|an?|this|that|it|our|all|these|those|both|every|each)\b))[\w-]{{2,20}}ed"
)
"""A past participle; "should have automated tests" holds none."""


SYSTEM = (
    r"validat|alert|alarm|monitor|check|test|gate|limit|ceiling|budget|config|schema|pipeline|prompt|model|cache|retriev"
    r"|tool|api|timeout|retr(?:y|ies)|fallback|logs?\b|logging|trace|span|metric|dashboard|deploy|rollback|permission"
    r"|access|token|parser|parsing|provider|quota|rate|thresholds?|schedul|queue|database|index|feed|price|quote|order"
    r"|position|exposure|stop|circuit|switch|policy|rule|filter|sandbox|version|migration|flag|default|document|runbook"
    r"|procedure|playbook|checklist|template|automat|paging|pager|page|notification|escalation|redundan|replica|backup"
    r"|failover|loops?\b|steps?\b|convergence|calibrat|threshold|review\s{1,8}(?:step|stage|process|gate)|approval|sign-?off"
    r"|guard|lock|race|latency|network|dns|certificate|key|secret|credential|data|input|output|unit|field|column|format"
    r"|timestamp|clock|calendar|session|window|interface|integration|adapter|client|server|service|endpoint|gateway"
    r"|library|dependenc|package|script|job|cron|process|workflow|system|control|mechanism|coverage|detect|reconcil"
    r"|ledger|book|fill|broker|exchange|venue|agent|llm|context|memory|embedding|source|filing|news|dedup|hash|signature"
    r"|encryption|isolation|boundary|environment|staging|production|cluster|node|disk|storage|capacity|resource|module"
    r"|function|code|bug|exception|error\s{1,8}handling|assertion|invariant|type|bound|range|cap\b|caps\b|hook|audit|record"
    r"|archive|retention|snapshot|training\s{1,8}set|dataset|threshold|attribution|amorti[sz]|pricing|currency|unit"
)

_NO_NAME = (
    r"it|this|that|these|those|they|there|which|what|when|where|while|then|and|but|because|since|after|before|if|as|so"
    r"|also|only|both|all|each|every|some|most|many|few|other|another|one|two|our|your|my|his|her|its|their|now|later"
    r"|unfortunately|users?|customers?|clients?|consumers?|people|subscribers?|terraform|ansible|jenkins|argo|flux|helm"
    r"|puppet|chef|prometheus|grafana|redis|kafka|kubernetes|docker|consul|vault|envoy|elastic\w{0,8}|postgres\w{0,5}"
    r"|cassandra|zookeeper|slack|spark|celery|cloud\w{0,10}|dependabot|renovate|git[a-z]{0,6}|airflow|build|worker"
    r"|datadog|pagerduty|opsgenie|sentry|splunk|google|amazon|azure|auto\w{0,20}|\w{2,20}bot"
)
_PRODUCTS = (
    r"akamai|alpaca|apache|argo\w{0,9}|artifactory|athena|bamboo|binance|bitbucket|bloomberg|buildkite|ceph|chatgpt|chroma|cilium"
    r"|circleci|claude|clickhouse|codex|coinbase|copilot|cortex|couchbase|dagster|dask|databricks|deepseek|django|dynatrace"
    r"|druid|dynamo\w{0,2}|etcd|factset|falcon|fargate|fastly|fivetran|flask|flink|fluentd|gemini|graphite|grok|hadoop|harbor"
    r"|hashicorp|heroku|hibernate|honeycomb|influx\w{0,2}|istio|jaeger|jira|keycloak|kibana|kinesis|kraken|kube\w{0,20}|lambda"
    r"|langfuse|langsmith|litellm|llama|logstash|loki|looker|memcached|metabase|milvus|mimir|mistral|mlflow|mongo\w{0,2}|mysql"
    r"|nagios|netlify|newrelic|nexus|nginx|nomad|okta|ollama|openai|openshift|oracle|packer|pandas|phoenix|pinecone|pinot"
    r"|podman|polygon|prefect|presto|pulumi|pulsar|qdrant|rabbitmq|rails|rancher|redshift|refinitiv|reuters|sidekiq|skaffold"
    r"|snowflake|solr|sonarqube|spinnaker|stripe|supabase|superset|tableau|tekton|telegraf|tempo|tensorflow|thanos|tomcat"
    r"|traefik|travisci|trino|twilio|vercel|victoriametrics|weaviate|windows|zabbix|zapier|zipkin|qwen"
)
"""Programs and services that are written like a name. What is as often a given name (Julia, Ray) is not listed."""

_CAPITALISED = rf"(?!(?i:{SYSTEM}|(?:{_NO_NAME}|{_PRODUCTS})\b))[A-Z][a-z]{{1,19}}"
_FURTHER = rf"\s{{1,8}}(?!(?i:{SYSTEM}))[A-Z][a-z]{{1,19}}"
NAME = rf"(?-i:(?<![\w.'@/-]){_CAPITALISED}(?:{_FURTHER}){{0,2}})(?![\w'\u2019-])"
"""A capitalised word or two that may be somebody's name: only for predicates that fit nothing but people."""

FULL_NAME = rf"(?-i:(?<![\w.'@/-]){_CAPITALISED}(?:{_FURTHER}){{1,2}})(?![\w'\u2019-])"
"""Two or three such words: a person more often than a program, so that more predicates can be judged."""
