"""The tables of WebAdmin, one file each; a table that only links two others stands with its owner."""

from __future__ import annotations

from webadmin.models.access_rule import AccessRule, AccessRuleDoor, AccessRuleHolder
from webadmin.models.account import Account, AccountLink, Attempt, Membership, RecoveryCode
from webadmin.models.audit_entry import AuditEntry
from webadmin.models.building import Building
from webadmin.models.button import Button, ButtonPanel
from webadmin.models.calendar import Calendar, Holiday
from webadmin.models.controller import Controller
from webadmin.models.counter import Counter, next_number
from webadmin.models.credential import Credential
from webadmin.models.delegation import Delegation
from webadmin.models.device import Device
from webadmin.models.dial_group import DialGroup
from webadmin.models.dial_group_member import DialGroupMember
from webadmin.models.door import Door, DoorInterlock, DoorThen
from webadmin.models.door_key import DoorKey
from webadmin.models.guest_pass import GuestPass
from webadmin.models.organisation import Organisation
from webadmin.models.pairing import Pairing, PairingCode
from webadmin.models.panel import Panel, PanelDoor
from webadmin.models.person import Person
from webadmin.models.plan_revision import PlanRevision
from webadmin.models.provisioning_link import ProvisioningLink
from webadmin.models.schedule import Schedule, ScheduleCalendar
from webadmin.models.schedule_exception import ScheduleException
from webadmin.models.schedule_hours import ScheduleHours
from webadmin.models.schedule_period import SchedulePeriod
from webadmin.models.setup_link import SetupLink
from webadmin.models.site import FixedAtCreation, Site
from webadmin.models.site_change import SiteChange
from webadmin.models.telephony import Telephony
from webadmin.models.trunk import Trunk
from webadmin.models.unit import Unit
from webadmin.models.web_session import WebSession

__all__ = [
    "AccessRule",
    "AccessRuleDoor",
    "AccessRuleHolder",
    "Account",
    "AccountLink",
    "Attempt",
    "AuditEntry",
    "Building",
    "Button",
    "ButtonPanel",
    "Calendar",
    "Controller",
    "Counter",
    "Credential",
    "Delegation",
    "Device",
    "DialGroup",
    "DialGroupMember",
    "Door",
    "DoorInterlock",
    "DoorKey",
    "DoorThen",
    "FixedAtCreation",
    "GuestPass",
    "Holiday",
    "Membership",
    "Organisation",
    "Pairing",
    "PairingCode",
    "Panel",
    "PanelDoor",
    "Person",
    "PlanRevision",
    "ProvisioningLink",
    "RecoveryCode",
    "Schedule",
    "ScheduleCalendar",
    "ScheduleException",
    "ScheduleHours",
    "SchedulePeriod",
    "SetupLink",
    "Site",
    "SiteChange",
    "Telephony",
    "Trunk",
    "Unit",
    "WebSession",
    "next_number",
]
