"""Who may use which address: a new route without a line here makes the tests fail."""

from __future__ import annotations

from dataclasses import dataclass

ANYBODY, LOGGED_IN = "anybody", "logged in"
FIRMS, FIRM_OF_THE_CASE = "firms", "the firm of the case"
WORKERS, OF_THE_TASK = "people with tasks", "people whom the task was offered to"
CASE_READERS, PARTIES = "staff who see cases", "staff of the case's parties"
CONTRACT_PARTIES, SIGNATORIES = "parties of the contract", "people who sign for a party of the contract"
LEDGER_READERS, LEDGER_READERS_OF_THE_FUNDER = "staff who see ledgers", "staff who see the ledger of the loan's funder"
PROCESS_WATCHERS = "who draws processes or sees all cases"
ALARM_SETTLERS = "finance officers of the alarm's funder"
OFFICERS, OFFICERS_OF_THE_FUNDER = "compliance officers", "compliance officers of the case's funder"
RECORD_READERS = "staff who read the decision records of the case"
OF_THE_DOCUMENT, ADMINISTRATORS = "people who may see the document", "administrators"
AUDITORS = "people who see the audit log"
DESIGNERS = "process analysts"
OPERATORS = "who moves the business date"
STATISTICS_READERS = "staff who see statistics"
LINK_KEEPERS, LINK_KEEPERS_OF_THE_FUNDER = "who keeps firms' links", "who keeps the links of the funder that knows it"
PANEL_KEEPERS, PANEL_KEEPERS_OF_THE_FUNDER = "who keeps a panel", "who keeps this panel"
LIMIT_READERS, LIMIT_READERS_OF_THE_FUNDER = "staff who see limits", "staff who see limits of the limit's funder"
LIMIT_PROPOSERS, LIMIT_PROPOSERS_OF_THE_FUNDER = "who proposes limits", "who proposes limits at the limit's funder"
LIMIT_APPROVERS_OF_THE_FUNDER = "who approves changes at the limit's funder"
LIMITED = "firms and core enterprises that limits bind"
SIMULATORS = "people who may let money come in at the sandbox bank"


@dataclass(frozen=True)
class Route:
    """`who` may use it; `values` names what stands in its address: a key of the places that a test fills in."""

    who: str
    path: str


ROUTES: dict[tuple[str, str], Route] = {
    ("GET", "start.index"): Route(LOGGED_IN, "/"),
    ("GET", "monitoring.health"): Route(ANYBODY, "/healthz"),
    ("GET", "monitoring.ready"): Route(ANYBODY, "/readyz"),
    ("GET", "monitoring.metrics"): Route(ANYBODY, "/metrics"),  # from this machine, as tests are, or with the token
    ("GET", "static"): Route(ANYBODY, "/static/base.css"),
    ("GET", "auth.login"): Route(ANYBODY, "/login"),
    ("POST", "auth.log_in_now"): Route(ANYBODY, "/login"),
    ("POST", "auth.logout"): Route(ANYBODY, "/logout"),
    ("GET", "auth.choose"): Route(LOGGED_IN, "/acting-as"),
    ("POST", "auth.act_as"): Route(LOGGED_IN, "/acting-as"),
    ("GET", "account.show"): Route(LOGGED_IN, "/account"),
    ("GET", "account.first_password"): Route(LOGGED_IN, "/account/password"),
    ("POST", "account.change"): Route(LOGGED_IN, "/account/password"),
    ("POST", "account.end_session"): Route(LOGGED_IN, "/account/sessions/end"),
    ("POST", "account.end_others"): Route(LOGGED_IN, "/account/sessions/end-others"),
    ("POST", "settings.language"): Route(ANYBODY, "/language"),
    ("POST", "settings.theme"): Route(ANYBODY, "/theme"),
    ("GET", "tasks.inbox"): Route(WORKERS, "/inbox"),
    ("GET", "tasks.inbox_counts"): Route(WORKERS, "/inbox/counts"),
    ("GET", "tasks.show"): Route(OF_THE_TASK, "/tasks/{task}"),
    ("POST", "tasks.complete"): Route(OF_THE_TASK, "/tasks/{task}/complete"),
    ("POST", "tasks.draft"): Route(OF_THE_TASK, "/tasks/{task}/draft"),
    ("POST", "tasks.preview"): Route(OF_THE_TASK, "/tasks/{task}/preview"),
    ("POST", "tasks.claim"): Route(OF_THE_TASK, "/tasks/{task}/claim"),
    ("POST", "tasks.claim_many"): Route(WORKERS, "/tasks/claim"),
    ("POST", "tasks.release"): Route(OF_THE_TASK, "/tasks/{task}/release"),
    ("GET", "applications.mine"): Route(FIRMS, "/applications"),
    ("GET", "applications.catalogue"): Route(FIRMS, "/applications/new"),
    ("POST", "applications.start"): Route(FIRMS, "/applications/new/working-capital:{funder}"),
    ("GET", "applications.progress"): Route(FIRM_OF_THE_CASE, "/applications/{case}"),
    ("GET", "applications.pull_back"): Route(FIRM_OF_THE_CASE, "/applications/{case}/pull-back"),
    ("POST", "applications.pull_back"): Route(FIRM_OF_THE_CASE, "/applications/{case}/pull-back"),
    ("GET", "applications.delete_draft"): Route(FIRM_OF_THE_CASE, "/applications/{case}/delete"),
    ("POST", "applications.delete_draft"): Route(FIRM_OF_THE_CASE, "/applications/{case}/delete"),
    ("GET", "cases.index"): Route(CASE_READERS, "/cases"),
    ("GET", "cases.show"): Route(PARTIES, "/cases/{case}"),
    ("GET", "cases.process"): Route(PARTIES, "/cases/{case}/processes/initial_review"),
    ("GET", "records.show"): Route(RECORD_READERS, "/cases/{case}/record"),
    ("POST", "records.issue"): Route(RECORD_READERS, "/cases/{case}/record"),
    ("GET", "records.document"): Route(RECORD_READERS, "/cases/{case}/record/document/{record}"),
    ("POST", "cases.retry"): Route(ADMINISTRATORS, "/cases/{case}/incidents/{incident}/retry"),
    ("GET", "compliance.index"): Route(OFFICERS, "/compliance"),
    ("GET", "compliance.show"): Route(OFFICERS_OF_THE_FUNDER, "/compliance/holds/{hold}"),
    ("POST", "compliance.decide"): Route(OFFICERS_OF_THE_FUNDER, "/compliance/holds/{hold}"),
    ("GET", "compliance.place"): Route(OFFICERS_OF_THE_FUNDER, "/cases/{case}/hold"),
    ("POST", "compliance.place"): Route(OFFICERS_OF_THE_FUNDER, "/cases/{case}/hold"),
    ("GET", "firms.index"): Route(CASE_READERS, "/firms"),
    ("GET", "firms.show"): Route(CASE_READERS, "/firms/{firm}"),
    ("POST", "firms.add_link"): Route(LINK_KEEPERS, "/firms/{firm}/links"),
    ("POST", "firms.end_link_now"): Route(LINK_KEEPERS_OF_THE_FUNDER, "/firms/{firm}/links/{link}/end"),
    ("GET", "panel.index"): Route(PANEL_KEEPERS, "/panel"),
    ("POST", "panel.admit"): Route(PANEL_KEEPERS, "/panel"),
    ("POST", "panel.suspend"): Route(PANEL_KEEPERS_OF_THE_FUNDER, "/panel/{member}/suspend"),
    ("POST", "panel.resume"): Route(PANEL_KEEPERS_OF_THE_FUNDER, "/panel/{member}/resume"),
    ("GET", "loans.index"): Route(LEDGER_READERS, "/loans"),
    ("GET", "loans.show"): Route(LEDGER_READERS_OF_THE_FUNDER, "/loans/{loan}"),
    ("GET", "limits.index"): Route(LIMIT_READERS, "/limits"),
    ("GET", "limits.new"): Route(LIMIT_PROPOSERS, "/limits/new"),
    ("POST", "limits.new"): Route(LIMIT_PROPOSERS, "/limits/new"),
    ("GET", "limits.show"): Route(LIMIT_READERS_OF_THE_FUNDER, "/limits/{limit}"),
    ("POST", "limits.freeze"): Route(LIMIT_PROPOSERS_OF_THE_FUNDER, "/limits/{limit}/freeze"),
    ("GET", "limits.change"): Route(LIMIT_READERS_OF_THE_FUNDER, "/limits/changes/{limit_change}"),
    ("POST", "limits.decide"): Route(LIMIT_APPROVERS_OF_THE_FUNDER, "/limits/changes/{limit_change}"),
    ("GET", "limits.own"): Route(LIMITED, "/my-limits"),
    ("GET", "finance.index"): Route(LEDGER_READERS, "/finance"),
    ("GET", "finance.payment"): Route(LEDGER_READERS_OF_THE_FUNDER, "/finance/payments/{payment}"),
    ("POST", "finance.settle"): Route(ALARM_SETTLERS, "/finance/alarms/{alarm}/settle"),
    ("GET", "loans.mine"): Route(FIRMS, "/my-loans"),
    ("GET", "loans.own"): Route(FIRM_OF_THE_CASE, "/my-loans/{loan}"),
    ("GET", "documents.show"): Route(OF_THE_DOCUMENT, "/documents/{document}"),
    ("GET", "contracts.show"): Route(CONTRACT_PARTIES, "/contracts/{contract}"),
    ("GET", "contracts.document"): Route(CONTRACT_PARTIES, "/contracts/{contract}/document"),
    ("POST", "contracts.sign"): Route(SIGNATORIES, "/contracts/{contract}/sign"),
    ("GET", "contracts.verify"): Route(LOGGED_IN, "/contracts/verify"),
    ("POST", "contracts.verify_file"): Route(LOGGED_IN, "/contracts/verify"),
    ("GET", "processes.show"): Route(PROCESS_WATCHERS, "/processes/initial_review"),
    ("GET", "operations.index"): Route(STATISTICS_READERS, "/operations"),
    ("GET", "operations.business_date"): Route(OPERATORS, "/operations/business-date"),
    ("POST", "operations.move"): Route(OPERATORS, "/operations/business-date"),
    ("GET", "people.index"): Route(ADMINISTRATORS, "/people"),
    ("GET", "people.new"): Route(ADMINISTRATORS, "/people/new"),
    ("POST", "people.new"): Route(ADMINISTRATORS, "/people/new"),
    ("GET", "people.show"): Route(ADMINISTRATORS, "/people/{person}"),
    ("POST", "people.rename"): Route(ADMINISTRATORS, "/people/{person}/names"),
    ("GET", "people.deactivate"): Route(ADMINISTRATORS, "/people/{person}/deactivate"),
    ("POST", "people.deactivate"): Route(ADMINISTRATORS, "/people/{person}/deactivate"),
    ("GET", "people.activate"): Route(ADMINISTRATORS, "/people/{person}/activate"),
    ("POST", "people.activate"): Route(ADMINISTRATORS, "/people/{person}/activate"),
    ("POST", "people.unlock"): Route(ADMINISTRATORS, "/people/{person}/unlock"),
    ("POST", "people.reset"): Route(ADMINISTRATORS, "/people/{person}/password"),
    ("POST", "people.add_role"): Route(ADMINISTRATORS, "/people/{person}/memberships"),
    ("GET", "people.end_role"): Route(ADMINISTRATORS, "/people/{person}/memberships/{membership}/end"),
    ("POST", "people.end_role"): Route(ADMINISTRATORS, "/people/{person}/memberships/{membership}/end"),
    ("POST", "people.end_all"): Route(ADMINISTRATORS, "/people/{person}/sessions/end"),
    ("GET", "organisations.index"): Route(ADMINISTRATORS, "/organisations"),
    ("GET", "organisations.new"): Route(ADMINISTRATORS, "/organisations/new"),
    ("POST", "organisations.new"): Route(ADMINISTRATORS, "/organisations/new"),
    ("GET", "organisations.show"): Route(ADMINISTRATORS, "/organisations/{funder}"),
    ("GET", "rights.index"): Route(ADMINISTRATORS, "/rights"),
    ("GET", "rights.show"): Route(ADMINISTRATORS, "/rights/{role}"),
    ("POST", "rights.change"): Route(ADMINISTRATORS, "/rights/{role}"),
    ("GET", "sessions.index"): Route(ADMINISTRATORS, "/sessions"),
    ("POST", "sessions.end"): Route(ADMINISTRATORS, "/sessions/end"),
    ("GET", "audit.index"): Route(AUDITORS, "/audit"),
    ("GET", "audit.export"): Route(AUDITORS, "/audit/export"),
    ("POST", "audit.verify"): Route(AUDITORS, "/audit/verify"),
    ("GET", "work.index"): Route(ADMINISTRATORS, "/work"),
    ("GET", "work.reassign"): Route(ADMINISTRATORS, "/work/reassign"),
    ("POST", "work.reassign_now"): Route(ADMINISTRATORS, "/work/reassign"),
    ("GET", "work.move"): Route(ADMINISTRATORS, "/work/people/{person}/move"),
    ("POST", "work.move_now"): Route(ADMINISTRATORS, "/work/people/{person}/move"),
    ("GET", "work.offer"): Route(ADMINISTRATORS, "/work/tasks/{task}/offer"),
    ("POST", "work.offer_now"): Route(ADMINISTRATORS, "/work/tasks/{task}/offer"),
    ("GET", "work.stuck"): Route(ADMINISTRATORS, "/work/stuck"),
    ("POST", "work.mend"): Route(ADMINISTRATORS, "/work/stuck/mend"),
    ("GET", "work.put_away"): Route(ADMINISTRATORS, "/work/stuck/put-away/{message}"),
    ("GET", "work.end"): Route(ADMINISTRATORS, "/work/stuck/end/{instance}"),
    ("POST", "work.end_now"): Route(ADMINISTRATORS, "/work/stuck/end/{instance}"),
    ("POST", "work.put_away_now"): Route(ADMINISTRATORS, "/work/stuck/put-away/{message}"),
    ("GET", "work.processes"): Route(ADMINISTRATORS, "/work/processes"),
    ("GET", "definitions.index"): Route(DESIGNERS, "/definitions"),
    ("GET", "definitions.show"): Route(DESIGNERS, "/definitions/processes/initial_review"),
    ("GET", "definitions.file"): Route(DESIGNERS, "/definitions/processes/initial_review/versions/1"),
    ("GET", "definitions.compare"): Route(DESIGNERS, "/definitions/processes/initial_review/differences"),
    ("POST", "definitions.restore"): Route(DESIGNERS, "/definitions/processes/initial_review/versions/1/restore"),
    ("POST", "definitions.upload"): Route(DESIGNERS, "/definitions/uploads"),
    ("GET", "definitions.draft"): Route(DESIGNERS, "/definitions/drafts/{draft}"),
    ("GET", "definitions.replay"): Route(DESIGNERS, "/definitions/drafts/{draft}/replay"),
    ("GET", "definitions.draft_file"): Route(DESIGNERS, "/definitions/drafts/{draft}/processes/loan_intake"),
    ("POST", "definitions.publish"): Route(DESIGNERS, "/definitions/drafts/{draft}/publish"),
    ("POST", "definitions.withdraw"): Route(DESIGNERS, "/definitions/drafts/{draft}/withdraw"),
    ("GET", "notifications.index"): Route(LOGGED_IN, "/messages"),
    ("POST", "notifications.read_all"): Route(LOGGED_IN, "/messages/read"),
    ("GET", "sandbox_bank.show"): Route(SIMULATORS, "/sandbox-bank"),
    ("POST", "sandbox_bank.pay"): Route(SIMULATORS, "/sandbox-bank"),
    ("POST", "callbacks.payments"): Route(ANYBODY, "/callbacks/payments"),  # who signs with the channel's secret
    ("POST", "callbacks.sources"): Route(ANYBODY, "/callbacks/sources"),  # who signs with the source's secret
}

REVIEWERS = {"wang.lei", "xu.na"}
ZHIJIANG = REVIEWERS | {"zhou.lan", "sun.hao", "he.ping", "lin.yan", "guo.qiang", "ma.li", "zhu.jun", "qian.rong"}
ZHIJIANG |= {"bai.xue", "fu.lei", "jin.ping", "meng.jie", "yu.hai", "tan.bo", "qiu.ming", "shi.lan"}
QIANTANG = {"hu.xue", "gao.feng", "luo.dan", "song.kai", "fang.yu", "deng.rui", "cao.min", "pan.yi"}
QIANTANG |= {"ren.yi", "liao.wen", "xia.tian", "jiang.hua", "wan.li", "duan.yu", "yan.kuan", "hou.liang"}
ZHIJIANG |= {"hua.zheng"}
QIANTANG |= {"zhong.qi", "mei.lin"}
PLATFORM = {"yun.ying", "admin", "shen.he", "an.ping"}  # who see every case
ANALYSTS = {"qin.lan", "mu.chen"}
FIRM_PEOPLE = {"chen.jing", "shen.yue", "lu.ming", "gu.fang", "tang.wei"}
CORE = {"wu.tao", "ye.qing"}
# warehouse, appraiser, guarantee company, law firm, disposal company, debt buyer
HELPING = {"lei.cang", "heng.jun", "bao.dan", "fa.heng", "chu.zhi", "shou.rang"}
EVERYBODY = ZHIJIANG | QIANTANG | PLATFORM | ANALYSTS | FIRM_PEOPLE | CORE | HELPING

LEDGER = {"bai.xue", "fu.lei", "yu.hai", "tan.bo", "qiu.ming", "shi.lan"}  # of Zhijiang Bank
LIMITS = {"sun.hao", "he.ping", "lin.yan", "shi.lan"}  # of Zhijiang Bank

# for a case of Qingxi Weaving (chen.jing) at Zhijiang Bank whose task waits for initial reviewers
ALLOWED: dict[str, set[str]] = {
    ANYBODY: EVERYBODY,
    LOGGED_IN: EVERYBODY,
    FIRMS: FIRM_PEOPLE,
    FIRM_OF_THE_CASE: {"chen.jing"},
    WORKERS: EVERYBODY - PLATFORM - ANALYSTS,
    OF_THE_TASK: REVIEWERS,
    CASE_READERS: ZHIJIANG | QIANTANG | PLATFORM,
    PARTIES: ZHIJIANG | PLATFORM,
    RECORD_READERS: REVIEWERS
    | {"sun.hao", "he.ping", "lin.yan", "guo.qiang", "ma.li", "zhu.jun", "jin.ping", "hua.zheng", "shi.lan"}
    | {"shen.he", "an.ping"},
    LEDGER_READERS: LEDGER
    | {"ren.yi", "liao.wen", "wan.li", "duan.yu", "yan.kuan", "hou.liang", "yun.ying", "shen.he"},
    ALARM_SETTLERS: {"bai.xue"},
    LEDGER_READERS_OF_THE_FUNDER: LEDGER | {"yun.ying", "shen.he"},
    OF_THE_DOCUMENT: ZHIJIANG | PLATFORM | {"chen.jing"},
    CONTRACT_PARTIES: ZHIJIANG | PLATFORM | {"chen.jing"},
    SIGNATORIES: {"chen.jing", "qian.rong"},
    OFFICERS: {"jin.ping", "hua.zheng", "xia.tian", "zhong.qi"},
    OFFICERS_OF_THE_FUNDER: {"jin.ping", "hua.zheng"},
    ADMINISTRATORS: {"admin"},
    AUDITORS: {"admin", "shen.he"},
    DESIGNERS: ANALYSTS,
    OPERATORS: {"yun.ying"},
    PROCESS_WATCHERS: PLATFORM | ANALYSTS,
    STATISTICS_READERS: {"lin.yan", "shi.lan", "song.kai", "hou.liang", "yun.ying", "shen.he"},
    LINK_KEEPERS: {"zhou.lan", "shi.lan", "hu.xue", "hou.liang"},
    LINK_KEEPERS_OF_THE_FUNDER: {"zhou.lan", "shi.lan"},
    PANEL_KEEPERS: {"shi.lan", "hou.liang"},
    PANEL_KEEPERS_OF_THE_FUNDER: {"shi.lan"},
    LIMIT_READERS: LIMITS | {"luo.dan", "mei.lin", "song.kai", "hou.liang"} | {"yun.ying", "shen.he"},
    LIMIT_READERS_OF_THE_FUNDER: LIMITS | {"yun.ying", "shen.he"},
    LIMIT_PROPOSERS: {"shi.lan", "hou.liang"},
    LIMIT_PROPOSERS_OF_THE_FUNDER: {"shi.lan"},
    LIMIT_APPROVERS_OF_THE_FUNDER: {"lin.yan"},
    LIMITED: FIRM_PEOPLE | CORE,
    SIMULATORS: FIRM_PEOPLE | {"yun.ying"},
}
