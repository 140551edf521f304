"""The identity stack: the user pool, the JWT authorizer of the shared API, the Users table, and the routes."""

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as apigwv2
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.constructs.erased_users import grant_erased_users
from infra.constructs.http_routes import Access, HttpRoutes
from infra.constructs.private_bucket import PrivateBucket
from infra.constructs.queues import consume_queue, create_queue_with_dlq
from infra.constructs.service_function import ServiceFunction
from infra.constructs.service_stack import PEOPLE, ServiceStack
from infra.constructs.service_table import ServiceTable
from infra.stage import Stage

STAFF_GROUP = "staff"
EXPORT_TIMEOUT = Duration.seconds(120)
"""A part of a file is some forty pages of other services."""
EXPORT_DAYS = 3
"""How long a file is kept; services/identity/exports.py has the same."""


class IdentityStack(ServiceStack):
    """Owns the user pool, its client, the authorizer and the profiles.

    Publishes ``user-pool-id``, ``user-pool-arn``, ``user-pool-client-id`` and ``authorizer-id``.

    Parameters:
        scope: the app.
        stage: settings of the stage.
        depends_on: stacks whose parameters this one reads.
    """

    def __init__(self, scope: Construct, stage: Stage, depends_on: tuple[ServiceStack, ...]) -> None:
        super().__init__(scope, stage, "identity", depends_on)
        self._users = ServiceTable(self, "Users", partition_key="userId", expires=True, streams=True)
        self._users.add_outbox_relay()
        self._user_pool = self._create_user_pool()
        self._shop_client = self._create_shop_client()
        self._exports = self._create_exports_bucket()
        self._export_queue, _ = create_queue_with_dlq(self, "export", consumer_timeout=EXPORT_TIMEOUT)
        authorizer_id = self._create_authorizer()
        self._add_api(authorizer_id)
        self._add_export_worker()
        self.publish_parameter("user-pool-id", self._user_pool.user_pool_id)
        self.publish_parameter("user-pool-arn", self._user_pool.user_pool_arn)
        self.publish_parameter("user-pool-client-id", self._shop_client.user_pool_client_id)
        self.publish_parameter("authorizer-id", authorizer_id)

    def _create_user_pool(self) -> cognito.UserPool:
        pool = cognito.UserPool(
            self,
            "UserPool",
            user_pool_name=self.stage.prefix,
            self_sign_up_enabled=True,
            # With e-mail as the only alias, Cognito uses the sub as user name; notifications looks users up by it.
            sign_in_aliases=cognito.SignInAliases(email=True),
            sign_in_case_sensitive=False,
            auto_verify=cognito.AutoVerifiedAttrs(email=True),
            # A new address takes effect once its owner has entered the code that was sent there.
            keep_original=cognito.KeepOriginalAttrs(email=True),
            standard_attributes=cognito.StandardAttributes(
                email=cognito.StandardAttribute(required=True, mutable=True),
                fullname=cognito.StandardAttribute(required=False, mutable=True),
            ),
            password_policy=cognito.PasswordPolicy(
                min_length=8,
                require_lowercase=True,
                require_uppercase=True,
                require_digits=True,
                require_symbols=False,
                temp_password_validity=Duration.days(3),
            ),
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            user_verification=cognito.UserVerificationConfig(
                email_subject="Your code for e-com67",
                # Cognito sends the same for a sign-up and for a new password, and decides how long each code is valid.
                email_body=(
                    "Your code for e-com67 is {####}. It is valid for a day after signing up, and for an hour where "
                    "you asked for a new password."
                ),
                email_style=cognito.VerificationEmailStyle.CODE,
            ),
            email=self._email(),
            user_invitation=cognito.UserInvitationConfig(
                email_subject="You work at e-com67",
                email_body="You belong to the staff of e-com67. Sign in with this address and the password {####} "
                "within three days, and choose your own. (Your account is {username}.)",
            ),
            lambda_triggers=cognito.UserPoolTriggers(post_confirmation=self._create_post_confirmation()),
            deletion_protection=self.stage.deletion_protection,
            removal_policy=self.stage.removal_policy,
        )
        cognito.UserPoolGroup(self, "Staff", user_pool=pool, group_name=STAFF_GROUP, description="Works in the shop")
        return pool

    def _email(self) -> cognito.UserPoolEmail | None:
        if self.stage.emulated:
            return None
        # Cognito's own sender stops at some fifty e-mails a day.
        return cognito.UserPoolEmail.with_ses(
            from_email=self.stage.mail_from,
            from_name="e-com67",
            ses_region=self.region,
            ses_verified_domain=self.stage.mail_domain,
            configuration_set_name=self.read_parameter("mail", "configuration-set"),
        )

    def _create_post_confirmation(self) -> ServiceFunction:
        function = ServiceFunction(
            self,
            "post-confirmation",
            handler="services.identity.post_confirmation:handler",
            environment={"USERS_TABLE": self._users.table_name},
            # Cognito waits five seconds for a trigger.
            timeout=Duration.seconds(5),
        )
        self._users.grant(function, "dynamodb:PutItem")
        return function

    def _create_shop_client(self) -> cognito.UserPoolClient:
        attributes = cognito.ClientAttributes().with_standard_attributes(email=True, fullname=True)
        return self._user_pool.add_client(
            "Shop",
            user_pool_client_name=f"{self.stage.prefix}-shop",
            generate_secret=False,
            # Browsers sign in by SRP, which sends no password. The command line sends one, by a call that needs rights
            # to administer the pool; on the emulator it does so as a shopper as well.
            auth_flows=cognito.AuthFlow(user_srp=True, admin_user_password=True, user_password=self.stage.emulated),
            disable_o_auth=True,
            supported_identity_providers=[cognito.UserPoolClientIdentityProvider.COGNITO],
            prevent_user_existence_errors=True,
            enable_token_revocation=True,
            id_token_validity=Duration.hours(1),
            access_token_validity=Duration.hours(1),
            refresh_token_validity=Duration.days(30),
            read_attributes=attributes.with_standard_attributes(email=True, email_verified=True, fullname=True),
            write_attributes=attributes,
        )

    def _create_authorizer(self) -> str:
        authorizer = apigwv2.CfnAuthorizer(
            self,
            "JwtAuthorizer",
            api_id=self.read_parameter("edge", "api-id"),
            name=f"{self.stage.prefix}-jwt",
            authorizer_type="JWT",
            identity_source=["$request.header.Authorization"],
            jwt_configuration=apigwv2.CfnAuthorizer.JWTConfigurationProperty(
                issuer=f"https://cognito-idp.{self.region}.{self.url_suffix}/{self._user_pool.user_pool_id}",
                audience=[self._shop_client.user_pool_client_id],
            ),
        )
        return authorizer.ref

    def _create_exports_bucket(self) -> PrivateBucket:
        bucket = PrivateBucket(self, "Exports", self.stage)
        bucket.add_lifecycle_rule(
            expiration=Duration.days(EXPORT_DAYS), abort_incomplete_multipart_upload_after=Duration.days(1)
        )
        return bucket

    def _add_export_worker(self) -> None:
        function = ServiceFunction(
            self,
            "export",
            handler="services.identity.export_worker:make_part",
            environment=self._environment(),
            timeout=EXPORT_TIMEOUT,
            # It sends the next part to its own queue. Lambda takes that for a loop, and would end it after 16 parts.
            recursive_loop=lambda_.RecursiveLoop.ALLOW,
        )
        self._users.grant(function, "dynamodb:GetItem", "dynamodb:UpdateItem")
        grant_erased_users(self, function, "dynamodb:GetItem")
        self._allow_service_commands(function)
        self._allow_export_files(function)
        consume_queue(self._export_queue, function, self, batch_size=1)

    def _allow_export_files(self, function: ServiceFunction) -> None:
        self._export_queue.grant_send_messages(function)
        for actions, resource in (
            (
                ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
                self._exports.arn_for_objects("*"),
            ),
            (["s3:ListBucket"], self._exports.bucket_arn),
        ):
            function.add_to_role_policy(iam.PolicyStatement(actions=actions, resources=[resource]))

    def _environment(self) -> dict[str, str]:
        return {
            "USERS_TABLE": self._users.table_name,
            "USER_POOL_ID": self._user_pool.user_pool_id,
            "PARAMETERS_PATH": f"/ecom67/{self.stage.name}/{PEOPLE}/",
            "EXPORTS_BUCKET": self._exports.bucket_name,
            "EXPORT_QUEUE_URL": self._export_queue.queue_url,
        }

    def _add_api(self, authorizer_id: str) -> None:
        function = ServiceFunction(
            self,
            "api",
            handler="services.identity.api:api",
            environment=self._environment(),
            dependencies="delivery",
            # An export invokes the export command of each service in turn.
            timeout=Duration.seconds(29),
        )
        self._allow_subject_requests(function)
        routes = HttpRoutes(self, function, authorizer_id)
        routes.add(
            "GET /me",
            "PUT /me",
            "PUT /me/consents",
            "DELETE /me",
            "GET /me/export",
            "GET /me/addresses",
            "POST /me/addresses",
            "PUT /me/addresses/{addressId}",
            "DELETE /me/addresses/{addressId}",
            access=Access.AUTHENTICATED,
        )
        self._add_staff_api(routes)
        self._add_unsubscribing(routes)

    def _add_staff_api(self, routes: HttpRoutes) -> None:
        actions = ServiceTable(self, "StaffActions", partition_key="userId", sort_key="actionId", expires=True)
        function = ServiceFunction(
            self,
            "staff-api",
            handler="services.identity.staff_api:api",
            environment={**self._environment(), "STAFF_ACTIONS_TABLE": actions.table_name},
            # An export invokes the export command of each service in turn.
            timeout=Duration.seconds(29),
        )
        actions.grant(function, "dynamodb:PutItem", "dynamodb:Query")
        self._allow_subject_requests(function)
        self._user_pool.grant(
            function, "cognito-idp:ListUsers", "cognito-idp:AdminGetUser", "cognito-idp:AdminListGroupsForUser"
        )
        routes.add(
            "GET /staff/customers",
            "GET /staff/customers/{userId}",
            "POST /staff/customers/{userId}/export",
            "DELETE /staff/customers/{userId}",
            access=Access.AUTHENTICATED,
            function=function,
        )

    def _allow_subject_requests(self, function: ServiceFunction) -> None:
        """Allow what export and erasure of a person need."""
        self._users.grant(function, "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem")
        grant_erased_users(self, function, "dynamodb:PutItem")
        self._user_pool.grant(function, "cognito-idp:AdminDeleteUser")
        self._allow_service_commands(function)
        self._allow_export_files(function)

    def _add_unsubscribing(self, routes: HttpRoutes) -> None:
        secret_name = f"ecom67/{self.stage.name}/unsubscribe-links"
        secret = secretsmanager.Secret(
            self,
            "UnsubscribeSecret",
            secret_name=secret_name,
            description="The key that signs the links of e-mails by which a person gets no more of them.",
            generate_secret_string=secretsmanager.SecretStringGenerator(password_length=64, exclude_punctuation=True),
            removal_policy=self.stage.removal_policy,
        )
        environment = {"USERS_TABLE": self._users.table_name, "UNSUBSCRIBE_SECRET": secret_name}
        may_read_key = iam.PolicyStatement(actions=["secretsmanager:GetSecretValue"], resources=[secret.secret_arn])
        consent = ServiceFunction(
            self,
            "cart-reminder-consent",
            handler="services.identity.commands:cart_reminder_consent",
            environment=environment,
            memory=256,
        )
        self._users.grant(consent, "dynamodb:GetItem")
        consent.add_to_role_policy(may_read_key)
        self.publish_parameter("cart-reminder-consent-arn", consent.function_arn)
        unsubscribe = ServiceFunction(
            self, "unsubscribe", handler="services.identity.link_api:api", environment=environment
        )
        self._users.grant(unsubscribe, "dynamodb:GetItem", "dynamodb:UpdateItem")
        unsubscribe.add_to_role_policy(may_read_key)
        routes.add(
            "GET /mail-preferences/{token}/unsubscribe",
            "POST /mail-preferences/{token}/unsubscribe",
            access=Access.PUBLIC,
            function=unsubscribe,
        )

    def _allow_service_commands(self, function: ServiceFunction) -> None:
        path = f"ecom67/{self.stage.name}/{PEOPLE}"
        function.add_to_role_policy(
            iam.PolicyStatement(
                actions=["ssm:GetParametersByPath"],
                resources=[
                    self.format_arn(service="ssm", resource="parameter", resource_name=name)
                    for name in (path, f"{path}/*")
                ],
            )
        )
        function.add_to_role_policy(
            iam.PolicyStatement(
                actions=["lambda:InvokeFunction"],
                resources=[
                    f"arn:{self.partition}:lambda:{self.region}:{self.account}:function:{self.stage.prefix}-{command}"
                    for command in ("*-export", "orders-unsent-orders")
                ],
            )
        )
