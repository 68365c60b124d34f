"""Marks that freely worded steering speaks to a machine: the half of a rule; what is wanted of it is in `wants`.

Machines are written about, too: a mark counts only beside a want. A mark and a want close to each other are an attempt
(`instructions._aimed`). Data, no logic.
"""

from __future__ import annotations

from afterbell.reading.instructions.words import AI_SURE, BEGIN, MUST, READING, TEXT, S
from afterbell.reading.patterns import Rule

MARK = "mark of a machine"
AIMED = Rule(id="steer.aimed", family="instructions to an AI", severity="high", weight=1.0, pattern="")
AIMED_AT_DEEDS = Rule(id="steer.aimed_at_deeds", family="market steering", severity="high", weight=1.0, coerces=True,
                      pattern="")  # fmt: skip
"""What a mark and a want make together; the second where a verdict, an order or a tool is wanted."""

_KIND = (
    r"(?:models?|agents?|bots?|assistants?|parsers?|screeners?|graders?|scorers?|raters?|summari[sz]ers?|crawlers?"
    r"|classifiers?|copilots?|algos?|algorithms?|pipelines?|analy[sz]ers?|scrapers?|rankers?|reviewers?|software"
    r"|engines?|robots?)"
)
_SMART = (
    r"(?:AI|LLM|LLM-based|GPT|AI-based|quant|quantitative|downstream|upstream|automated|automatic|autonomous"
    r"|algorithmic"
    r"|machine|language|robo|research|trading|sentiment|news|virtual|generative|agentic|software|investment|portfolio"
    r"|execution|summari[sz]ing|rating|scoring|ranking|screening|analysis)"
)
_MACHINE = (
    rf"(?:{AI_SURE}|{_SMART}[\s-]{_KIND}|(?:automated|AI|LLM|machine)[\s-](?:\w{{2,12}}{S})?(?:tools?|systems?"
    rf"|readers?"
    r"|reviews?))"
)
_DOING = (
    r"(?:read|scrap|process|pars|analy[sz]|summari[sz]|condens|digest|ingest|evaluat|index|scor|rat|rank|classif"
    r"|grad|compil"
    r"|review|screen|quot|cit|handl|weigh|crawl|consum|translat|extract|label)(?:es?|s|ing|y|ying|ies)?"
)
_PRODUCT = (
    r"(?:summary|answer|json|object|verdict|evidence|analysis|reply|response|rating|score|field|tool\scall|output"
    r"|thesis"
    r"|order|trade|recommendation|decision|conclusion|assessment|report|note|memo|ticket|proposal)"
)
_MAKE = (
    r"(?:write|produce|hand|send|make|cite|return|give|are\sabout\sto|will|create|generate|draft|file|submit|output"
    r"|emit|build"
    r"|prepare|compose|place|fill|issue|deliver|drafted|hand\sback|wrote|sent|made)"
)
_TASK = (
    r"(?:finish|complete|write\s(?:the|your|this|up)\s\w{3,12}|fill|rate|score|grade|rank|summari[sz]e|analy[sz]e"
    r"|classify|condense|answer|respond"
    r"|parse"
    r"|conclude|decide|recommend|assess|evaluate|extract|compute|size|have\s(?:read|processed|parsed|seen)"
    r"|are\sdone|go\son"
    r"|continue|generate|output|report\sback|weigh|label|trade)"
)
_OWNER = r"(?:users?|operators?|humans?|principals?|deployers?|human\s(?:operator|supervisor|user)|handlers?)"

REQUESTS: tuple[Rule, ...] = ()

PHRASES: tuple[Rule, ...] = (
    Rule(
        id="mark.addressed", family=MARK, severity="medium", weight=0.5,
        gate=rf"(?:{_KIND}|AI|LLM|GPT|machine|tools|automates|crawls|scrapes|parses|system|reader)",
        pattern=(
            rf"(?:{BEGIN}((?:dear|hey|hi|hello|attention|attn|to|note{S}(?:for|to)|notice{S}(?:for|to)"
            rf"|message{S}(?:for|to)|reminder{S}(?:for|to)|memo{S}(?:for|to)|hint{S}(?:for|to)|for"
            rf"|instructions?{S}(?:for|to)|guidance{S}(?:for|to))[\s:,]{{1,3}}(?:(?:all|any|every|each|the|our|your"
            rf"|whichever|whatever|whoever|anyone|anything|other){S}){{0,2}}(?:[a-z]{{2,12}}{S})?(?:{_MACHINE}(?:s"
            rf"|{S}(?:that|which|who|reading|parsing))?\s{{0,2}}[:,.!(\-]|{_MACHINE}{S}(?:(?:that|which"
            rf"|who){S}(?:(?:is|are|may|will|might){S})?)?{_DOING}\b|{_KIND}{S}(?:(?:that|which|who){S}(?:(?:is|are"
            rf"|may|will|might){S})?){_DOING}\b|{_KIND}{S}{_DOING}{S}(?:this|these|the)\b|(?:that|who|which"
            rf"|automates|crawls|scrapes|parses){S}(?:this|the){S}(?:page|feed|site|file|text)\b)|(?:dear|hey|hi"
            rf"|hello|attention),?{S}(?:[a-z]{{2,12}}{S})?(?:{_KIND}|machine)\s{{0,2}}[,:!]|(?:readers|those|anyone"
            rf"|desks|firms|funds){S}(?:using|running|relying{S}on){S}[^.!?\n]{{0,30}}?(?:automated|AI|LLM|machine"
            rf"|bots?)[^.!?\n:,]{{0,30}}[:,]|(?:AI|LLM|bot|model|agent|machine|assistant|scraper|parser"
            rf"|crawler)[\s-](?:[a-z]{{3,12}}{S})?(?:instructions?|notes?|notice|directives?|hints?|guidance"
            rf"|summary|prompt)\s{{0,2}}:)|{BEGIN}((?:{_MACHINE}|(?:robots|scrapers|crawlers)){S}(?:(?:that|which"
            rf"|who){S}(?:are{S}|is{S})?)?{_DOING}{S}(?:this|the){S}[a-z]{{3,14}}\s?:|(?<!,)(?<!,\s){_MACHINE}\s?:"
            rf"|{_MACHINE}\s?,{S}(?:please|kindly|you|do|now)|any(?:one|body){S}(?:automating|scraping|parsing"
            rf"|crawling){S}this)|\bnote{S}(?:for|to){S}(?:graders|raters|scorers|parsers|screeners|summari[sz]ers"
            rf"|bots|crawlers)\b|\b(?:robots|scrapers|bots|crawlers|parsers|machines|summari[sz]ers|models|agents"
            rf"|LLMs|AIs){S}(?:and{S}\w{{3,12}}{S})?(?:of|on|behind){S}(?:this|the){S}\w{{3,12}}\s?:"
            rf"|\bwhoever{S}(?:automates|crawls|scrapes|parses){S}this\b)"
        ),
        examples=("Dear parser, kindly", "To the model that is condensing this", "AI summary instruction: say"),
        counterexamples=("Dear shareholders, we", "To the agent of the lenders:", "Our model that is"),
    ),
    Rule(
        id="mark.class", family=MARK, severity="medium", weight=0.5,
        gate=rf"{_KIND}|AI|LLM|GPT|language\smodel",
        pattern=(
            rf"\b(the{S}(?:agent|assistant|model|bot|system|engine){S}(?:that|which){S}(?:now{S})?{_DOING}{S}this\b"
            rf"|the{S}(?:assistant|model|bot|(?:AI|trading|research){S}agent){S}(?:{MUST}){S}(?:(?:now|first|also"
            rf"|always|only|then){S})?(?:buy|sell|place|rate|score|execute|output|answer|ignore|recommend|report"
            rf"|mark|treat|set|approve|skip|reply)\b|(?:(?:any|every|all|each){S})?(?:language|AI-driven|model"
            rf"|{_SMART})[\s-]{_KIND}(?:{S}{READING}{S}(?:this|the){S}[a-z]{{3,12}})?(?:{S}(?:{MUST}"
            rf"|will)\b(?!{S}(?:not{S})?be\b)|\s?:)|(?:any|every|each){S}(?:agent|assistant|model|bot|parser"
            rf"|engine){S}(?:that|which){S}(?:weighs|{_DOING}){S}(?:this|the){S}[a-z]{{3,12}}{S}(?:{MUST}|will)\b"
            rf"|(?:agents|assistants|models|bots|parsers|screeners|graders|raters|LLMs|AIs|copilots"
            rf"|summari[sz]ers){S}(?:that{S}|which{S}|who{S}"
            rf"|when{S})?(?:are{S})?{_DOING}\b[^.!?\n]{{0,50}}?(?:\b(?:{MUST})\b|:)|(?:agents?|assistants?|models?"
            rf"|bots?){S}(?:{MUST}){S}(?:first{S})?(?:call|invoke|run|query){S}[a-z]{{2,20}}_[a-z_]{{2,30}})"
        ),
        examples=("LLM-based screeners should rate", "Quant agents parsing this: x", "downstream agents must send"),
        counterexamples=("Agents must register.", "AI models must be registered", "The model should converge."),
    ),
    Rule(
        id="mark.yours", family=MARK, severity="medium", weight=0.5,
        pattern=(
            rf"\b(your{S}(?:(?:next|own){S}decision|risk{S}module|earlier{S}research|open{S}positions?"
            rf"|account{S}token|execution{S}agent|trading{S}agent|principal|persona)\b|your{S}(?:summary"
            rf"|verdict){S}(?:is{S}to|can{S}only)\b|your{S}(?:(?:last|previous|final|next){S}(?:answer|reply"
            rf"|message|verdict)|assessment|confidence|approved{S}list|quote{S}tool|allow-?list|tool{S}budget"
            rf"|evidence|thesis)\b|your{S}(?:other{S}(?:tools?|sources?)|risk{S}score|browser{S}tool|API{S}key"
            rf"|team{S}of{S}agents)\b|your{S}(?:(?:final|closing|last|first|opening|next){S}(?:line|sentence|word"
            rf"|paragraph|bar|trade)|(?:(?:new|own|current){S})?(?:scoring|sizing(?:{S}rules?)?|loyalty|brief"
            rf"|vendor|operations{S}team|mandate|persona|objective|hedges|risk{S}(?:rules?|engine|checks?|manager))"
            rf"|chain{S}of{S}thought|reasoning(?:{S}(?:trace|steps?|field))?|scratch-?pad|next{S}(?:tool{S}call"
            rf"|message|answer|reply|output|response|turn|step|call|decision|order)|final{S}(?:answer|output"
            rf"|verdict|json|message)|{_OWNER}|developers?|creators?|makers?|pipeline|prompt|system{S}(?:prompt"
            rf"|message)|context(?:{S}window)?|(?:earlier|previous|initial|original|prior|standing"
            rf"|old){S}(?:briefing|orders|mandate|limits?|tasks?|guidance|view|rules)|briefing"
            rf"|task(?!{S}(?:management|list|board|tool|manager|tracker)|s)|verdict|(?:risk|position|trading|size"
            rf"|sizing|order){S}limits?|limits{S}(?:were|have|are)|tools?|tool{S}calls?|output|json"
            rf"|sentiment{S}(?:field|score)|conviction|ranking|scorecard|bot|agent|(?:summary|report|analysis"
            rf"|answer|note){S}(?:must|should|may|has{S}to|needs{S}to|shall|will|to{S}the{S}(?:user|operator|desk"
            rf"|trader))|guardrails?|safeguards?|weights|instructions?)\b|\bmay{S}your{S}(?:report|summary|answer"
            rf"|output|analysis)\b|\bthe{S}record{S}of{S}your{S})"
        ),
        examples=("your chain of thought", "in your next message", "hand to your operator"),
        counterexamples=("your broker", "your vote", "our next message"),
    ),
    Rule(
        id="mark.task", family=MARK, severity="medium", weight=0.5,
        pattern=(
            rf"\b((?:when|while){S}(?:scoring|rating|grading|ranking|assessing|measuring){S}(?:the{S})?(?:sentiment"
            rf"|tone|risk|conviction|stocks?|this|it)\b|what{S}you{S}(?:know|knew|learned"
            rf"|have{S}learned){S}about{S}(?:this|the|it)|(?:before|when|after|while){S}(?:answering|responding"
            rf"|replying|summari[sz]ing|scoring|rating|deciding)\b|(?:(?:if|when){S}(?:you{S}are"
            rf"|you're){S}asked{S}(?:about|for|to|whether|why)|if{S}asked{S}(?:about|whether|why))\b|(?:when|before"
            rf"|after|once|as{S}soon{S}as|until){S}you{S}are{S}(?:through|done|finished){S}with{S}(?:this"
            rf"|the{S}(?:transcript|filing|document|analysis|page|article|text|item|news|call|task|reading))"
            rf"|(?:when|before|after|while|on){S}(?:composing|drafting|writing|preparing|answering|producing"
            rf"|returning|replying{S}to|responding{S}to){S}(?:the{S}|your{S})?(?:verdict|summary|rating|answer"
            rf"|brief|user|recommendation|analysis|json|trader|operator)|you{S}(?:are|were){S}asked{S}for|(?:when"
            rf"|before|after|once|while|as{S}soon{S}as|until|whenever|if){S}you{S}(?:(?:next|finally"
            rf"|later){S})?{_TASK}\b|{_PRODUCT}{S}(?:(?:that|which){S})?you{S}{_MAKE}\b|when{S}(?:(?:rating|scoring"
            rf"|grading|ranking|summari[sz]ing|analy[sz]ing|condensing|classifying|assessing"
            rf"|evaluating){S}(?:{TEXT}|this|it|the{S}(?:stock|company|name|maker|issuer|ticker)))"
            rf"|you{S}(?:will{S}find{S}that|are{S}(?:about|going){S}to{S}(?:send|trade|write|rate|answer)))\b"
        ),
        examples=("Before you finish", "the summary you write", "when you rate the maker"),
        counterexamples=("when you arrive", "the house you own", "before they finish"),
    ),
    Rule(
        id="mark.told", family=MARK, severity="medium", weight=0.5,
        pattern=(
            rf"\b((?:mandate|plan|brief|limits|goal){S}(?:that{S})?you{S}(?:were{S}given|got|received)|(?:the"
            rf"|your){S}(?:system|developer){S}(?:message|prompt){S}(?:(?:has|have){S}been|is{S}now"
            rf"|was){S}(?:replaced|changed|updated|revoked|withdrawn)|(?:let|make|have){S}the{S}(?:user|operator"
            rf"|human|trader|desk){S}(?:believe|think|feel|assume)|for{S}all{S}(?:the{S})?(?:agents|models|bots"
            rf"|assistants)\b|(?:the|your){S}(?:user|operator|human|trader|desk){S}(?:has"
            rf"|have){S}(?:already{S})?(?:pre-?approved|lifted|removed|waived|raised|disabled)|from{S}the{S}(?:user"
            rf"|operator|human){S}that|(?:tell|inform|instruct|message|ask|to|with){S}(?:the|all|any"
            rf"|every){S}(?:portfolio|risk|execution|trading|downstream|other|next|research){S}agents?\b"
            rf"|the{S}(?:person|human|one|people){S}(?:you{S}(?:work{S}for|serve|assist|report{S}to)|who{S}(?:runs"
            rf"|deployed|built){S}you|in{S}the{S}loop)|whoever{S}(?:asks|queries|reads{S}your|runs{S}you)|if{S}(?:a"
            rf"|the|any|your){S}(?:guard|filter|checker|validator|monitor|reviewer){S}(?:asks|objects|complains"
            rf"|rejects)|until{S}I{S}say|instructions?{S}of{S}your|as{S}instructed{S}by{S}your|(?:even{S})?(?:if"
            rf"|though){S}you{S}(?:could|did|can|cannot|have){S}not|(?:the{S}|your{S})?(?:user|operator|human|desk"
            rf"|trader|developer|portfolio{S}manager|team|prompt|system{S}prompt){S}(?:(?:has|have|had"
            rf"|may{S}have){S})?(?:asked|told|gave|given|instructed|briefed|set){S}you\b|(?:asked|told"
            rf"|instructed){S}you{S}(?:about|to|that)\b[^.!?\n]{{0,60}}\b(?:aside|no{S}longer|void|withdrawn)"
            rf"|to{S}the{S}(?:user|operator|human|portfolio{S}manager|trader|end{S}user|risk{S}officer"
            rf"|human{S}reviewer)(?:'s)?\b|your{S}(?:human|user|operator){S}will{S}(?:not|never)\b)"
        ),
        examples=("the desk told you about", "the user asked you", "to the portfolio manager"),
        counterexamples=("the board asked them", "to the manager", "by users of the app"),
    ),
    Rule(
        id="mark.session", family=MARK, severity="medium", weight=0.5,
        pattern=(
            rf"\b((?:all|any|each){S}(?:further|later|future){S}(?:prompts?|questions|queries|requests)\b"
            rf"|repeat{S}after{S}me\b|from{S}this{S}(?:message|line|text|page|note){S}(?:forward|on(?:ward)?"
            rf"|onwards)\b|for{S}(?:the{S})?(?:remainder|rest){S}of{S}(?:this|the|your){S}(?:session|conversation"
            rf"|run|chat|task)|(?:in|for){S}(?:all|every|any){S}(?:later|future|further|subsequent){S}(?:sessions?"
            rf"|turns?|runs?|conversations?|answers?|tasks?)|(?:from|as{S}from){S}(?:here|now|this{S}point"
            rf"|this{S}moment){S}on(?:wards?)?,?{S}(?:speak|refer|describe|call|treat|rate|answer|respond|reply|say"
            rf"|output|ignore|consider|report|portray|score)\b|every{S}(?:further|later|future"
            rf"|following){S}(?:question|query|prompt|request)|(?:in|to|into){S}your{S}(?:long-?term{S})?memory\b"
            rf"|(?:store|save|keep|write|commit|add){S}(?:(?:this|the{S}following)(?:{S}\w{{3,12}})?|it){S}(?:in|to"
            rf"|into){S}(?:long-?term{S}|persistent{S})?memory\b|this{S}(?:session|conversation|turn)\b"
            rf"|for{S}all{S}later{S}sessions)"
        ),
        examples=("for the remainder of this session", "From here on, call", "Store this rule in memory"),
        counterexamples=("for the rest of the year", "in memory of", "this season"),
    ),
    Rule(
        id="mark.tool", family=MARK, severity="medium", weight=0.5, coerces=True,
        pattern=(
            rf"(?:\b(tool{S}(?:output|result|response)s?{S}(?:continues?|follows|ends)\b|(?:you{S}(?:must|should"
            rf"|may|need){S}(?:not{S})?|do{S}not{S}|don't{S}|never{S})(?:consult|use|read|query|open|cite|trust"
            rf"|check){S}(?:any{S})?other{S}(?:news|sources?|documents?|articles?|filings?|tools?|data)"
            rf"|the\s(?:tool|output|response|answer)\s(?:schema|format)|free{S}text{S}with"
            rf"|the{S}fact{S}check(?:er)?|approval{S}step|[a-z]{{2,16}}_[a-z]{{2,16}}{S}(?:to|=){S}\d"
            rf"|any{S}other{S}(?:data{S})?(?:tools?|sources?)|(?:earlier|previous|other){S}tool{S}results?"
            rf"|fill{S}(?:it|this|the{S}field){S}with|the{S}(?:only{S})?field{S}that{S}matters"
            rf"|this{S}message{S}alone|in{S}the{S}JSON{S}(?:you|object{S}you|that{S}you)|with{S}the{S}word"
            rf"|the{S}session{S}that|(?:user_?|human_?|risk_?|operator_?)?(?:approved|confirmed|verified"
            rf"|authori[sz]ed|override|force|skip_\w{{2,16}}|bypass_\w{{2,16}}|dry_run|mention_\w{{2,16}}"
            rf"|auto_?approve)\s?[=:]\s?(?:true|false|1|yes|0)|(?:next|following){S}(?:tool|function){S}call"
            rf"|use{S}the{S}(?:transfer|payment|order|wallet|memory|e-?mail|trading|broker|withdrawal"
            rf"|rebalance){S}tool|(?:skip|bypass|omit){S}calling|(?:straight"
            rf"|directly){S}to{S}[a-z]{{2,16}}_[a-z_]{{2,24}}|no{S}need{S}to{S}(?:call|query|run|check{S}with"
            rf"|invoke){S}[a-z]{{2,16}}_[a-z_]{{2,24}}|copy{S}(?:it|this){S}verbatim"
            rf"|rejected{S}by{S}the{S}validator|treated{S}as{S}an{S}error|(?:conviction|confidence|sentiment|rating"
            rf"|action|verdict|stance){S}(?:field|key|slot|parameter)|validat(?:or|ion){S}(?:fails|rejects)"
            rf"|(?:the{S}|this{S})?tool{S}(?:note|hint|notice|instruction|message)\s?:|re-?run{S}(?:the"
            rf"|this){S}tool)\b|\{{\s?[\"']?(?:verdict|action|decision|rating|signal|sentiment|recommendation"
            rf"|stance)[\"']?\s?:\s?[\"']?(?:approve|buy|sell|strong|pass|allow|1\.0|0\.9)|\[/?hidden\]"
            rf"|\b[a-z]{{3,12}}=\w{{1,12}};{S}?[a-z]{{3,12}}=)"
        ),
        examples=("user_approved=true", "skip calling it", "[hidden] rank=1"),
        counterexamples=("the tool shop", "call place_order with", "copy the form"),
    ),
    Rule(
        id="mark.pose", family=MARK, severity="medium", weight=0.5, coerces=True,
        pattern=(
            rf"\b(we,?{S}(?:the|your){S}(?:developers|operators|administrators|maintainers|vendors)\b"
            rf"|you{S}(?:do{S}not|don't|no{S}longer){S}need{S}(?:any{S})?(?:human|user|further"
            rf"|operator){S}(?:approval|consent|review|confirmation)|(?:if|since|as"
            rf"|because){S}you{S}are{S}an?{S}(?:automated|AI|artificial|algorithmic|virtual|machine|autonomous"
            rf"|language){S}[a-z]{{3,12}}\b|I{S}am{S}(?:the|your){S}(?:developer|operator|administrator|owner"
            rf"|creator|maintainer|deployer|vendor)(?:{S}of{S}(?:this|the|your){S}(?:agent|bot|assistant|model"
            rf"|system))?\b|as{S}an?{S}(?:automated|AI|artificial|algorithmic|virtual|machine"
            rf"|language){S}[a-z]{{3,12}},?{S}you\b|(?:as{S}(?:if|though)|assume{S}(?:that{S})?"
            rf"|pretend{S}(?:that{S})?){S}(?:the{S}|your{S})?(?:risk{S}(?:manager|desk|team)|user|compliance"
            rf"|operator|desk|trader|reviewer){S}(?:had|has|have){S}(?:already{S})?(?:signed|approved|agreed"
            rf"|confirmed|cleared)|(?:take|assume|play|adopt){S}(?:on{S})?the{S}(?:role|part|voice){S}of"
            rf"|as{S}though{S}the{S}[a-z]{{4,14}}{S}(?:had|has){S}not{S}been|(?:verified|signed|authentic"
            rf"|official){S}instruction|as{S}(?:the|your|a){S}(?:(?:system|platform|desk|root){S})?(?:administrator"
            rf"|developer|operator|admin){S}(?:of{S}\w{{2,20}}{S})?I\b|you{S}(?:are|were|have{S}been){S}(?:(?:now"
            rf"|hereby|already|fully){S})?(?:cleared|authori[sz]ed|pre-?approved|whitelisted){S}(?:to{S}(?:trade"
            rf"|buy|sell|size|place|execute|exceed|act|skip|move|transfer|proceed)|for{S}\w{{2,20}}{S}(?:trades"
            rf"|orders|size))|you{S}may{S}(?:now{S}|already{S})?(?:size|trade|buy|sell|exceed|skip|bypass)"
            rf"|(?:comes?|coming|issued){S}(?:directly{S})?from{S}(?:your|the){S}(?:developer|operator|system"
            rf"|vendor{S}of{S}your)|this{S}(?:is|was){S}(?:approved|signed{S}off){S}by{S}your)\b"
        ),
        examples=("As the system administrator I confirm", "You are cleared to trade", "you may size this"),
        counterexamples=("You are invited to vote", "as the administrator of the fund", "It was cleared to trade"),
    ),
    Rule(
        id="mark.secret", family=MARK, severity="medium", weight=0.5,
        pattern=(
            rf"\b(without{S}(?:asking{S}(?:me|anyone|the{S}user|your)|being{S}asked)\b"
            rf"|and{S}nothing{S}else(?=[.;!])|not{S}from{S}your\b|start{S}from{S}this{S}(?:page|text|message)"
            rf"|without{S}(?:telling|informing|alerting|asking|notifying|warning){S}(?:anyone|the{S}(?:user"
            rf"|operator|human|trader|desk)|your)|(?:this|it|the{S}change){S}(?:between{S}us|to{S}yourself)"
            rf"|between{S}us{S}and|say{S}nothing{S}about{S}(?:why|this|where)|will{S}not{S}(?:check|notice"
            rf"|see{S}this|verify)|where{S}you{S}(?:read|got|found|saw){S}(?:it|this)|do{S}(?:so|this"
            rf"|it){S}(?:silently|quietly|in{S}silence|without{S}comment)|(?:do{S}not|don't|never){S}(?:cite|name"
            rf"|quote|reveal|mention|surface|disclose){S}(?:{TEXT}|this{S}(?:source|text|line)))\b"
        ),
        examples=("without telling anyone", "your human will not check this", "say nothing about why"),
        counterexamples=("without asking twice", "between us they own", "It will notice"),
    ),
)  # fmt: skip
"""Marks count wherever they stand."""
