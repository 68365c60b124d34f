"""The vocabularies that the rules are built from: who is a person, what is a failing, what is part of a system.

Each is an alternation for a regular expression. No name of any person stands here: a name cannot be told from a
product's without a model, so names are caught only by predicates that fit nothing but people.
"""

from __future__ import annotations

S = r"\s{1,8}"
"""White space between two words, bounded so that every pattern stays linear."""

ROLES = (
    r"operators?|engineers?|developers?|reviewers?|approvers?|technicians?|admins?|administrators?|sysadmins?"
    r"|programmers?|coders?|analysts?|traders?|quants?|researchers?|owners?|authors?|committers?|maintainers?"
    r"|responders?|facilitators?|contractors?|employees?|supervisors?|managers?|interns?|juniors?|colleagues?"
    r"|co-?workers?|team-?mates?|members?|staff|personnel|management|leadership|teams?|sres?|dbas?|devops|ops"
    r"|(?:tech|team|shift|project)\s{1,8}lead|incident\s{1,8}commander|desk|on-?calls?|humans?|person|testers?|qa"
    r"|architects?|consultants?|vendor\s{1,8}staff|officers?|guys?|user\s{1,8}admin"
)
PRONOUNS = r"someone|somebody|no\s{1,8}one|nobody|anyone|everyone|everybody|he|she|we|i|you|@[\w-]{1,39}"
PERSON = (
    rf"(?<![\w@-])(?<!prometheus\s)(?<!kubernetes\s)(?<!k8s\s)(?<!helm\s)(?<!etcd\s)"
    rf"(?:(?:the|an?|our|one|another|some|that|this|which)\s{{1,8}})?(?:[\w/-]{{1,30}}\s{{1,8}}){{0,3}}?"
    rf"(?<![\w-])(?:{ROLES}|{PRONOUNS})(?!['\u2019]s?\b)(?![\w-])"
)
"""A noun phrase whose head is a person or a role; "the operator's laptop" and "operator-sdk" have another head."""

ASIDE = (
    r"(?:,?\s{1,8}(?:who|on|at|of|in|from|for|with|under|during|doing|while|working|assigned|responsible|involved"
    r"|and\s{1,8}the\s{1,8}\w{1,20})\b[^.;:!?\n]{0,60}?,?)?"
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

BAD = (
    r"wrong|bad|incorrect|faulty|broken|buggy|flawed|untested|unreviewed|invalid|defective|erroneous|outdated"
    r"|unsafe|dangerous|poor|malformed|mistaken|typoed"
)
ACTED = (
    r"approved|pushed|deployed|merged|released|shipped|committed|entered|typed|ran|executed|configured|set|deleted"
    r"|wiped|dropped|uninstalled|selected|chose|picked|used|applied|copied|introduced|submitted|uploaded|wrote|sent"
    r"|issued|placed|signed(?:\s{1,8}off)?|accepted|made|gave|clicked|opened|restarted|changed|edited|pasted|built"
)
MACHINE = (
    r"agents?|bots?|models?|llms?|systems?|algos?|algorithms?|strateg(?:y|ies)|loops?|ais?|assistants?|gpt[\w.-]{0,12}"
    r"|claude|gemini|code|pipelines?|script"
)
PARTICIPLE = r"been|done|known|seen|caught|taken|made|kept|thought|told|written|read|run|set|put|held|\w{2,20}ed"

SYSTEM = (
    r"validat|alert|alarm|monitor|check|test|gate|limit|ceiling|budget|config|schema|pipeline|prompt|model|cache|retriev"
    r"|tool|api|timeout|retr(?:y|ies)|fallback|logs?\b|logging|trace|span|metric|dashboard|deploy|rollback|permission"
    r"|access|token|parser|parsing|provider|quota|rate|thresholds?|schedul|queue|database|index|feed|price|quote|order"
    r"|position|exposure|stop|circuit|switch|policy|rule|filter|sandbox|version|migration|flag|default|document|runbook"
    r"|procedure|playbook|checklist|template|automat|paging|pager|page|notification|escalation|redundan|replica|backup"
    r"|failover|loops?\b|steps?\b|convergence|calibrat|threshold|review\s+(?:step|stage|process|gate)|approval|sign-?off"
    r"|guard|lock|race|latency|network|dns|certificate|key|secret|credential|data|input|output|unit|field|column|format"
    r"|timestamp|clock|calendar|session|window|interface|integration|adapter|client|server|service|endpoint|gateway"
    r"|library|dependenc|package|script|job|cron|process|workflow|system|control|mechanism|coverage|detect|reconcil"
    r"|ledger|book|fill|broker|exchange|venue|agent|llm|context|memory|embedding|source|filing|news|dedup|hash|signature"
    r"|encryption|isolation|boundary|environment|staging|production|cluster|node|disk|storage|capacity|resource|module"
    r"|function|code|bug|exception|error\s+handling|assertion|invariant|type|bound|range|cap\b|caps\b|hook|audit|record"
    r"|archive|retention|snapshot|training\s+set|dataset|threshold|attribution|amorti[sz]|pricing|currency|unit"
)
